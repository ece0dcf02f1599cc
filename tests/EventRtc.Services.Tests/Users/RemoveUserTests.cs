using EventRtc.Domain;
using Xunit;

namespace EventRtc.Services.Tests.Users;

[Collection(ControlPlaneCollection.Name)]
public sealed class RemoveUserTests(ControlPlane plane)
{
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
    public async Task A_repeated_call_does_not_throw_out_who_came_back()
    {
        var (id, key) = (await plane.Create(new { start = true }), Guid.NewGuid().ToString());
        var (user, _) = await plane.Admit(id);
        await plane.Users.Delete($"/api/rooms/{id}/users/{user}", key);
        await plane.Presence.Join(new(new(id), user, Role.Anchor, 1), CancellationToken.None);

        Assert.Equal(200, (await plane.Users.Delete($"/api/rooms/{id}/users/{user}", key)).Status);
        Assert.Equal(["anchor_admitted", "anchor_left", "anchor_joined"], (await plane.Steps(id)).Skip(2));
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
}
