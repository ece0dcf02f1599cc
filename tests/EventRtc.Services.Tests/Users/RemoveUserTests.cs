using EventRtc.Contracts.Clients;
using EventRtc.Domain;
using EventRtc.JsonRpc;
using Xunit;

namespace EventRtc.Services.Tests.Users;

[Collection(ControlPlaneCollection.Name)]
public sealed class RemoveUserTests(ControlPlane plane)
{
    private static CancellationToken Ct => CancellationToken.None;

    [Fact]
    public async Task The_place_is_given_back()
    {
        var id = await plane.Create();
        var (user, _) = await plane.Admit(id);

        var answer = await plane.Users.Delete($"/api/rooms/{id}/users/{user}");

        Assert.Equal(200, answer.Status);
        Assert.True(answer.Body.GetProperty("success").GetBoolean());
        Assert.Equal("removed", (await plane.History(id))[^1].GetProperty("data").Text("reason"));
    }

    [Fact]
    public async Task Once_more_or_for_somebody_unknown_it_changes_nothing()
    {
        var id = await plane.Create();
        var (user, _) = await plane.Admit(id);
        await plane.Users.Delete($"/api/rooms/{id}/users/{user}");

        Assert.Equal(200, (await plane.Users.Delete($"/api/rooms/{id}/users/{user}")).Status);
        Assert.Equal(200, (await plane.Users.Delete($"/api/rooms/{id}/users/{Guid.NewGuid()}")).Status);
        Assert.Equal(["room_created", "anchor_admitted", "anchor_left"], await plane.Steps(id));
    }

    [Fact]
    public async Task Who_is_removed_is_out_whichever_connection_it_has_and_stays_out_until_admitted_anew()
    {
        var id = new RoomId(await plane.Create(new { start = true }));
        var (user, _) = await plane.Admit(id.Value);
        await plane.Presence.Join(new(id, user, Role.Anchor, 5), Ct);

        await plane.Users.Delete($"/api/rooms/{id}/users/{user}");

        Assert.False(await plane.IsShown(id, user));
        Assert.Empty((await plane.Broadcasts(id))[^1].Members);
        Assert.Equal([new Eviction(user, Eviction.Removed)], await plane.Evictions(id));
        Assert.Equal("not_admitted", await RefusalOf(plane.Presence.Report(new(id, user, Role.Anchor, 5, "onair"), Ct)));
        Assert.Equal("not_admitted", await RefusalOf(plane.Presence.Join(new(id, user, Role.Anchor, 6), Ct)));
        await AdmitAgain(id, user);
        Assert.Equal(user, Assert.Single((await plane.Presence.Join(new(id, user, Role.Anchor, 7), Ct)).Members).UserId);
        Assert.Equal(["anchor_joined", "anchor_left", "anchor_admitted", "anchor_joined"], (await plane.Steps(id.Value)).Skip(3));
    }

    [Fact]
    public async Task Who_removes_another_is_recorded()
    {
        var id = new RoomId(await plane.Create(new { start = true }));
        var (host, user) = ((await plane.Admit(id.Value, "host")).User, (await plane.Admit(id.Value)).User);
        await plane.Presence.Join(new(id, host, Role.Host, 1), Ct);
        await plane.Presence.Join(new(id, user, Role.Anchor, 1), Ct);

        Assert.Equal("wrong_room", await RefusalOf(plane.Presence.Remove(new(id, user, new UserId(Guid.NewGuid())), "host:stranger", Ct)));
        await plane.Presence.Remove(new(id, user, host), $"host:{host}", Ct);

        var left = (await plane.History(id.Value))[^1];
        Assert.Equal(("anchor_left", "removed", $"host:{host}"), (left.Text("type"), left.GetProperty("data").Text("reason"), left.Text("actor")));
        Assert.Equal(host, Assert.Single((await plane.Broadcasts(id))[^1].Members).UserId);
        Assert.Equal([new Eviction(user, Eviction.Removed)], await plane.Evictions(id));
    }

    [Fact]
    public async Task Who_lost_the_connection_can_be_removed_before_it_comes_back()
    {
        var id = new RoomId(await plane.Create(new { start = true }));
        var (user, _) = await plane.Admit(id.Value);
        await plane.Presence.Join(new(id, user, Role.Anchor, 1), Ct);
        await plane.Presence.Leave(new(id, user, 1, "disconnected"), Ct);

        Assert.Equal(200, (await plane.Users.Delete($"/api/rooms/{id}/users/{user}")).Status);
        Assert.Equal("not_admitted", await RefusalOf(plane.Presence.Join(new(id, user, Role.Anchor, 2), Ct)));
    }

    [Fact]
    public async Task A_repeated_call_does_not_throw_out_who_was_admitted_again_and_came_back()
    {
        var (id, key) = (new RoomId(await plane.Create(new { start = true })), Guid.NewGuid().ToString());
        var (user, _) = await plane.Admit(id.Value);
        await plane.Presence.Join(new(id, user, Role.Anchor, 1), Ct);
        await plane.Users.Delete($"/api/rooms/{id}/users/{user}", key);
        await AdmitAgain(id, user);
        await plane.Presence.Join(new(id, user, Role.Anchor, 2), Ct);

        Assert.Equal(200, (await plane.Users.Delete($"/api/rooms/{id}/users/{user}", key)).Status);
        Assert.Equal(["anchor_joined", "anchor_left", "anchor_admitted", "anchor_joined"], (await plane.Steps(id.Value)).Skip(3));
        Assert.True(await plane.IsShown(id, user));
        Assert.Single(await plane.Evictions(id));
    }

    [Fact]
    public async Task Who_is_removed_while_joining_is_not_shown()
    {
        var id = new RoomId(await plane.Create(new { start = true, maxAnchors = 5 }));
        for (var round = 0; round < 10; round++)
        {
            var (user, _) = await plane.Admit(id.Value);
            var joining = plane.Presence.Join(new(id, user, Role.Anchor, 1), Ct);
            await plane.Presence.Remove(new(id, user), "host:test", Ct);
            await Record.ExceptionAsync(() => joining); // let in before the removal or refused after it

            Assert.False(await plane.IsShown(id, user), $"round {round}");
            Assert.Null(await plane.Recorded(id, user));
        }
    }

    [Theory]
    [InlineData("not-a-uuid")]
    [InlineData("{00000000-0000-4000-8000-000000000000}")]
    public async Task What_is_no_user_is_not_found(string user) =>
        Assert.Equal(404, (await plane.Users.Delete($"/api/rooms/{await plane.Create()}/users/{user}")).Status);

    [Fact]
    public async Task A_room_that_does_not_exist_is_not_found()
    {
        var answer = await plane.Users.Delete($"/api/rooms/{ControlPlane.NewRoom()}/users/{Guid.NewGuid()}");
        Assert.Equal((404, "room_not_found"), (answer.Status, answer.Code));
    }

    private static async Task<string?> RefusalOf(Task call) => (await Assert.ThrowsAsync<RpcException>(() => call)).Reason;

    private Task<Admission> AdmitAgain(RoomId id, UserId user) => plane.Reports.Admit(new RoomCommand.AdmitAnchor(id, user, Role.Anchor, default), Guid.NewGuid(), Ct);
}
