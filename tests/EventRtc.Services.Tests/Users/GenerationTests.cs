using EventRtc.Domain;
using EventRtc.JsonRpc;
using EventRtc.Users.Presence;
using Xunit;

namespace EventRtc.Services.Tests.Users;

/// <summary>What an earlier connection of a user still says is late.</summary>
[Collection(ControlPlaneCollection.Name)]
public sealed class GenerationTests(ControlPlane plane)
{
    private static CancellationToken Ct => CancellationToken.None;

    [Fact]
    public async Task Of_a_user_with_two_connections_the_later_one_counts()
    {
        var (id, user) = await Admitted();
        await plane.Presence.Join(new(id, user, Role.Anchor, 7, "Ann"), Ct);

        await MustBeTakenOver(plane.Presence.Join(new(id, user, Role.Anchor, 6, "Eve"), Ct));
        await MustBeTakenOver(plane.Presence.Report(new(id, user, Role.Anchor, 6, "onair"), Ct));
        await plane.Presence.Leave(new(id, user, 6, "disconnected"), Ct);

        var told = Assert.Single(await plane.Broadcasts(id));
        Assert.Equal(("Ann", "idle"), (told.Members[0].DisplayName, told.Members[0].Status));
        Assert.Equal(["anchor_admitted", "anchor_joined"], (await plane.Steps(id.Value)).Skip(2));
    }

    [Fact]
    public async Task Who_has_left_is_not_brought_back_by_what_comes_late()
    {
        var (id, user) = await Admitted();
        await plane.Presence.Join(new(id, user, Role.Anchor, 7), Ct);
        await plane.Presence.Leave(new(id, user, 7, "left"), Ct);

        await MustBeTakenOver(plane.Presence.Join(new(id, user, Role.Anchor, 6), Ct));
        await MustBeTakenOver(plane.Presence.Report(new(id, user, Role.Anchor, 6, "onair"), Ct));
        await plane.Presence.Leave(new(id, user, 6, "disconnected"), Ct);

        Assert.False(await plane.IsShown(id, user));
        Assert.Equal(["anchor_admitted", "anchor_joined", "anchor_left"], (await plane.Steps(id.Value)).Skip(2));
        await plane.Presence.Join(new(id, user, Role.Anchor, 8), Ct);
    }

    [Fact]
    public async Task Who_was_refused_leaves_its_generation_behind()
    {
        var (id, user) = (new RoomId(await plane.Create(new { start = true })), new UserId(Guid.NewGuid()));

        Assert.Equal("not_admitted", (await Assert.ThrowsAsync<RpcException>(() => plane.Presence.Join(new(id, user, Role.Anchor, 7), Ct))).Reason);
        await MustBeTakenOver(plane.Presence.Join(new(id, user, Role.Anchor, 6), Ct));
        Assert.Empty(await plane.Broadcasts(id));
    }

    [Fact]
    public async Task A_later_connection_takes_over_by_its_first_word_whatever_that_is()
    {
        var (id, user) = await Admitted();
        await plane.Presence.Join(new(id, user, Role.Anchor, 7), Ct);

        await plane.Presence.Report(new(id, user, Role.Anchor, 8, "onair"), Ct);
        await MustBeTakenOver(plane.Presence.Report(new(id, user, Role.Anchor, 7, "idle"), Ct));
        await plane.Presence.Leave(new(id, user, 9, "left"), Ct);
        await MustBeTakenOver(plane.Presence.Report(new(id, user, Role.Anchor, 8, "idle"), Ct));

        Assert.Equal(["anchor_admitted", "anchor_joined", "anchor_left"], (await plane.Steps(id.Value)).Skip(2));
    }

    [Fact]
    public async Task Who_is_known_to_a_later_connection_only_is_not_expired_for_an_earlier_one()
    {
        var (id, user) = await Admitted();
        var members = new RoomMembers(plane.Redis);
        await plane.Presence.Join(new(id, user, Role.Anchor, 7), Ct);
        var seen = (await members.Find(id, user, Ct))!;

        await plane.Presence.Report(new(id, user, Role.Anchor, 8, "idle"), Ct);

        Assert.False(await members.Drop(id, user, seen, eviction: null, Ct));
        Assert.True(await plane.IsShown(id, user));
        Assert.True(await members.Drop(id, user, (await members.Find(id, user, Ct))!, eviction: null, Ct));
    }

    [Fact]
    public async Task A_claim_shows_nobody_and_is_void_when_the_log_was_told_otherwise_meanwhile()
    {
        var (id, user) = await Admitted();
        var members = new RoomMembers(plane.Redis);

        Assert.True(await members.Claim(id, user, 7, Ct));
        Assert.False(await plane.IsShown(id, user));
        await members.Void(id, user, Ct);
        Assert.Equal((null, Outcome.Void), await members.Put(id, user, 7, Role.Anchor, "idle", null, Ct));

        Assert.True(await members.Claim(id, user, 7, Ct));
        Assert.Equal((null, Outcome.Late), await members.Put(id, user, 6, Role.Anchor, "idle", null, Ct));
        Assert.True(await members.Leave(id, user, 7, Ct));
        Assert.Equal((null, Outcome.Gone), await members.Put(id, user, 7, Role.Anchor, "idle", null, Ct));
        Assert.Empty(await plane.Broadcasts(id));
    }

    [Fact]
    public async Task Who_tells_the_log_late_that_a_user_has_left_makes_a_join_under_way_ask_again()
    {
        var (id, user) = await Admitted();
        var members = new RoomMembers(plane.Redis);
        await members.Claim(id, user, 7, Ct);
        await plane.Reports.Send(new RoomCommand.ReportAnchorJoined(id, user, default), Ct);

        await new Settling(members, plane.Reports, TimeProvider.System).Settle(id, user, "left", Ct);
        Assert.Equal((null, Outcome.Void), await members.Put(id, user, 7, Role.Anchor, "idle", null, Ct));

        await plane.Presence.Join(new(id, user, Role.Anchor, 7), Ct);
        Assert.Equal((true, "joined"), (await plane.IsShown(id, user), await plane.Recorded(id, user)));
    }

    private static async Task MustBeTakenOver(Task call)
    {
        var refused = await Assert.ThrowsAsync<RpcException>(() => call);
        Assert.Equal((RpcErrors.Conflict, "taken_over", false), (refused.Code, refused.Reason, refused.Retryable));
    }

    private async Task<(RoomId Room, UserId User)> Admitted()
    {
        var id = await plane.Create(new { start = true });
        return (new RoomId(id), (await plane.Admit(id)).User);
    }
}
