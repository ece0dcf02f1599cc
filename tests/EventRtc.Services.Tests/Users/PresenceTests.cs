using EventRtc.Contracts.Clients;
using EventRtc.Domain;
using EventRtc.JsonRpc;
using EventRtc.Local;
using Xunit;

namespace EventRtc.Services.Tests.Users;

[Collection(ControlPlaneCollection.Name)]
public sealed class PresenceTests(ControlPlane plane)
{
    private static CancellationToken Ct => CancellationToken.None;

    [Fact]
    public async Task Who_joins_learns_who_is_there_and_so_does_every_gateway()
    {
        var id = await Live();
        var (ann, bob) = (await plane.Admit(id.Value, "host"), await plane.Admit(id.Value));

        var first = await plane.Presence.Join(new(id, ann.User, Role.Host, 1, "Ann"), Ct);
        var second = await plane.Presence.Join(new(id, bob.User, Role.Anchor, 1), Ct);

        Assert.Equal([new Member(ann.User, Role.Host, "idle", "Ann")], first.Members);
        Member[] both = [new(ann.User, Role.Host, "idle", "Ann"), new(bob.User, Role.Anchor, "idle", bob.User.Value[..8])];
        Assert.Equal(both.OrderBy(member => member.UserId.Value, StringComparer.Ordinal), second.Members);
        Assert.Equal([first, second], await Broadcasts(id), Same);
    }

    [Fact]
    public async Task A_change_of_status_is_broadcast_and_a_keepalive_is_not()
    {
        var id = await Live();
        var (user, _) = await plane.Admit(id.Value);
        await plane.Presence.Join(new(id, user, Role.Anchor, 1, "Ann"), Ct);

        await plane.Presence.Report(new(id, user, Role.Anchor, 1, "onair"), Ct);
        await plane.Presence.Report(new(id, user, Role.Anchor, 1, "onair"), Ct);
        await plane.Presence.Report(new(id, user, Role.Anchor, 1, "idle"), Ct);

        Assert.Equal(["idle", "onair", "idle"], (await Broadcasts(id)).Select(status => Assert.Single(status.Members).Status));
        Assert.All(await Broadcasts(id), status => Assert.Equal("Ann", status.Members[0].DisplayName));
        Assert.Equal(["anchor_admitted", "anchor_joined"], (await plane.Steps(id.Value)).Skip(2));
    }

    [Fact]
    public async Task Presence_is_kept_as_the_contract_says()
    {
        var id = await Live();
        var (user, _) = await plane.Admit(id.Value, "host");
        await plane.Presence.Join(new(id, user, Role.Host, 1_763_643_600_123_456), Ct);
        await plane.Presence.Report(new(id, user, Role.Host, 1_763_643_600_123_457, "onair"), Ct);

        var hash = await plane.Redis.HashGetAllAsync($"rtcus:r:{id}:us");
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        Assert.Equal("host", hash[$"m:{user}"].ToString());
        var (seconds, status, generation) = hash[$"s:{user}"].ToString().Split(',') is [var s, var t, var g] ? (long.Parse(s), t, g) : default;
        Assert.InRange(seconds, now - 30, now);
        Assert.Equal(("onair", "1763643600123457"), (status, generation));
        Assert.InRange(long.Parse((await plane.Redis.HashGetAsync("rtcus:rooms", id.Value)).ToString()), now - 30, now);

        await plane.Presence.Leave(new(id, user, 1_763_643_600_123_457, "left"), Ct);
        Assert.DoesNotContain((await plane.Redis.HashGetAllAsync($"rtcus:r:{id}:us")).Keys, field => field[0] is 'm' or 's' or 'n');
    }

    [Fact]
    public async Task Of_who_has_left_nothing_is_kept_for_long()
    {
        var id = await Live();
        var (user, _) = await plane.Admit(id.Value);
        await plane.Presence.Join(new(id, user, Role.Anchor, 1), Ct);
        await plane.Presence.Leave(new(id, user, 1, "left"), Ct);

        await using var impatient = plane.ControllerOfItsOwn();
        await impatient.Start();
        await Eventually.True(async () => !await plane.Redis.KeyExistsAsync($"rtcus:r:{id}:us"), ControlPlane.Patience, "the room is forgotten");
        Assert.Null((string?)await plane.Redis.HashGetAsync("rtcus:rooms", id.Value));
        Assert.Equal(["anchor_admitted", "anchor_joined", "anchor_left"], (await plane.Steps(id.Value)).Skip(2));
    }

    [Fact]
    public async Task Leaving_is_told_and_recorded_once()
    {
        var id = await Live();
        var (user, _) = await plane.Admit(id.Value);
        var joined = await plane.Presence.Join(new(id, user, Role.Anchor, 1), Ct);

        await plane.Presence.Leave(new(id, user, 1, "disconnected"), Ct);
        await plane.Presence.Leave(new(id, user, 1, "left"), Ct);

        var last = (await Broadcasts(id))[^1];
        Assert.Empty(last.Members);
        Assert.True(last.Version > joined.Version);
        Assert.Equal(2, (await Broadcasts(id)).Count);
        Assert.Equal(["anchor_admitted", "anchor_joined", "anchor_left"], (await plane.Steps(id.Value)).Skip(2));
        Assert.Equal("disconnected", (await plane.History(id.Value))[^1].GetProperty("data").Text("reason"));
    }

    [Fact]
    public async Task A_version_grows_also_over_an_empty_room_and_a_restart()
    {
        var id = await Live();
        var (user, _) = await plane.Admit(id.Value);
        await plane.Presence.Join(new(id, user, Role.Anchor, 1), Ct);
        await plane.Presence.Leave(new(id, user, 1, "left"), Ct);
        await plane.Deployment.Users.Restart();
        await plane.Presence.Join(new(id, user, Role.Anchor, 1), Ct);

        var versions = (await Broadcasts(id)).Select(status => status.Version).ToList();
        Assert.Equal(3, versions.Count);
        Assert.Equal(versions.Order().Distinct(), versions);
    }

    [Fact]
    public async Task Whatever_happens_at_once_broadcasts_come_in_the_order_of_their_versions()
    {
        var id = new RoomId(await plane.Create(new { start = true, maxAnchors = 5 }));
        var users = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => plane.Admit(id.Value)));

        await Task.WhenAll(users.Select(async (user, n) =>
        {
            await plane.Presence.Join(new(id, user.User, Role.Anchor, 1), Ct);
            await plane.Presence.Report(new(id, user.User, Role.Anchor, 1, "onair"), Ct);
            if (n % 2 == 0)
                await plane.Presence.Leave(new(id, user.User, 1, "left"), Ct);
        }));

        var broadcasts = await Broadcasts(id);
        Assert.Equal(13, broadcasts.Count);
        Assert.Equal(broadcasts.Select(status => status.Version).Order().Distinct(), broadcasts.Select(status => status.Version));
        Assert.Equal(users.Where((_, n) => n % 2 == 1).Select(user => user.User.Value).Order(StringComparer.Ordinal), broadcasts[^1].Members.Select(member => member.UserId.Value));
        Assert.All(broadcasts[^1].Members, member => Assert.Equal("onair", member.Status));
    }

    [Theory]
    [InlineData("abc", "abc")]
    [InlineData("", null)]
    [InlineData("Ünï \"quoted\" 😀", "Ünï \"quoted\" 😀")]
    public async Task A_name_is_shown_as_it_was_given(string given, string? shown)
    {
        var id = await Live();
        var (user, _) = await plane.Admit(id.Value);

        var status = await plane.Presence.Join(new(id, user, Role.Anchor, 1, given), Ct);
        Assert.Equal(shown ?? user.Value[..8], Assert.Single(status.Members).DisplayName);
    }

    [Fact]
    public async Task A_long_name_is_cut_between_characters()
    {
        var id = await Live();
        var (user, _) = await plane.Admit(id.Value);

        var status = await plane.Presence.Join(new(id, user, Role.Anchor, 1, string.Concat(Enumerable.Repeat("😀", 70))), Ct);
        Assert.Equal(string.Concat(Enumerable.Repeat("😀", 64)), Assert.Single(status.Members).DisplayName);
    }

    [Fact]
    public async Task Who_may_not_join_is_told_why()
    {
        var id = new RoomId(await plane.Create(new { maxAnchors = 1 }));
        var (user, _) = await plane.Admit(id.Value);

        Assert.Equal("room_not_on_air", await RefusalOf(plane.Presence.Join(new(id, user, Role.Anchor, 1), Ct)));
        await plane.Rooms.Post($"/api/rooms/{id}/start", new { });
        Assert.Equal("not_admitted", await RefusalOf(plane.Presence.Join(new(id, new UserId(Guid.NewGuid()), Role.Anchor, 1), Ct)));
        Assert.Equal("room_not_found", await RefusalOf(plane.Presence.Join(new(new RoomId(ControlPlane.NewRoom()), user, Role.Anchor, 1), Ct)));
        await plane.Presence.Leave(new(id, user, 1, "left"), Ct);
        await plane.Admit(id.Value);
        Assert.Equal("room_full", await RefusalOf(plane.Presence.Join(new(id, user, Role.Anchor, 1), Ct)));
        Assert.Equal("invalid_status", await RefusalOf(plane.Presence.Report(new(id, user, Role.Anchor, 1, "asleep"), Ct)));
        Assert.Empty(await Broadcasts(id));
    }

    [Fact]
    public async Task Who_leaves_a_room_that_is_gone_is_told_so_and_leaves_nothing_behind()
    {
        var id = await Live();
        var (user, _) = await plane.Admit(id.Value);
        await plane.Presence.Join(new(id, user, Role.Anchor, 1), Ct);
        await plane.Rooms.Delete($"/api/rooms/{id}");
        await plane.LetGo(id.Value);

        Assert.Equal("room_not_found", await RefusalOf(plane.Presence.Leave(new(id, user, 1, "left"), Ct)));
        Assert.False(await plane.IsShown(id, user));
        Assert.Empty((await Broadcasts(id))[^1].Members);
    }

    [Fact]
    public async Task Who_reports_after_Redis_lost_everything_is_there_again()
    {
        var id = await Live();
        var (user, _) = await plane.Admit(id.Value);
        var joined = await plane.Presence.Join(new(id, user, Role.Anchor, 1), Ct);
        await plane.Redis.KeyDeleteAsync($"rtcus:r:{id}:us");

        await plane.Presence.Report(new(id, user, Role.Anchor, 1, "onair"), Ct);

        var last = (await Broadcasts(id))[^1];
        Assert.Equal((user, "onair"), (Assert.Single(last.Members).UserId, last.Members[0].Status));
        Assert.True(last.Version > joined.Version);
        Assert.Equal(["anchor_admitted", "anchor_joined"], (await plane.Steps(id.Value)).Skip(2));
    }

    [Fact]
    public async Task Who_was_silent_too_long_is_out_and_comes_back_by_its_next_report()
    {
        var impatient = plane.ControllerOfItsOwn();
        await impatient.Start();
        var id = await Live();
        var (user, _) = await plane.Admit(id.Value);
        await plane.Presence.Join(new(id, user, Role.Anchor, 1), Ct);

        await Eventually.True(async () => (await plane.Steps(id.Value))[^1] == "anchor_left", ControlPlane.Patience, "the silence is recorded");
        Assert.Equal("inactive", (await plane.History(id.Value))[^1].GetProperty("data").Text("reason"));
        await Eventually.True(async () => (await Broadcasts(id))[^1].Members.Count == 0, ControlPlane.Patience, "every gateway is told");
        await impatient.DisposeAsync();

        await plane.Presence.Report(new(id, user, Role.Anchor, 1, "onair"), Ct);
        Assert.Equal(["anchor_admitted", "anchor_joined", "anchor_left", "anchor_joined"], (await plane.Steps(id.Value)).Skip(2));
        Assert.Equal("onair", Assert.Single((await Broadcasts(id))[^1].Members).Status);
    }

    private static bool Same(RoomStatus one, RoomStatus other) => one.Version == other.Version && one.Members.SequenceEqual(other.Members);

    private static async Task<string?> RefusalOf(Task call) => (await Assert.ThrowsAsync<RpcException>(() => call)).Reason;

    private async Task<RoomId> Live() => new(await plane.Create(new { start = true }));

    private Task<IReadOnlyList<RoomStatus>> Broadcasts(RoomId room) => plane.Broadcasts(room);
}
