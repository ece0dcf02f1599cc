using EventRtc.Domain;
using EventRtc.JsonRpc;
using EventRtc.Local;
using Xunit;

namespace EventRtc.Services.Tests.Gateway;

/// <summary>Microphones in the mix, and what the host of a room may do to the others.</summary>
public sealed class HostTests(GatewayRig rig) : IClassFixture<GatewayRig>
{
    [Fact]
    public async Task A_visitor_mutes_itself_and_is_not_told_what_it_knows()
    {
        var room = await rig.OnAir();
        await using var visitor = await rig.Join(room);
        await visitor.Offer();

        await visitor.Ask("mute", new { muted = true });
        await IsMuted(room, visitor.User, true);
        await visitor.Ask("mute", new { muted = false });
        await IsMuted(room, visitor.User, false);

        Assert.Empty(visitor.Heard("muted"));
    }

    [Fact]
    public async Task Who_is_muted_before_the_offer_enters_muted()
    {
        var room = await rig.OnAir();
        await using var visitor = await rig.Join(room);

        await visitor.Ask("mute", new { muted = true });
        await visitor.Offer();

        await IsMuted(room, visitor.User, true);
        await visitor.Ask("mute", new { muted = false });
        await IsMuted(room, visitor.User, false);
    }

    [Fact]
    public async Task The_host_mutes_an_anchor_who_is_told_so()
    {
        var room = await rig.OnAir();
        await using var host = await rig.Join(room, Role.Host);
        await using var anchor = await rig.Join(room);
        await host.Offer();
        await anchor.Offer();

        await host.Ask("mute", new { userId = anchor.User, muted = true });
        await anchor.Hears("muted", told => told.GetProperty("muted").GetBoolean());
        await IsMuted(room, anchor.User, true);
        await host.Ask("mute", new { userId = anchor.User, muted = false });
        await anchor.Hears("muted", told => !told.GetProperty("muted").GetBoolean());

        await IsMuted(room, anchor.User, false);
        await IsMuted(room, host.User, false);
        Assert.Empty(host.Heard("muted"));
    }

    [Fact]
    public async Task A_resumed_visitor_is_as_muted_as_it_was()
    {
        var room = await rig.OnAir();
        await using var before = await rig.Join(room);
        await before.Offer();
        await before.Ask("mute", new { muted = true });
        before.Drop();

        await using var after = await rig.Reconnect(room, before);
        Assert.True(await after.Resume());

        await IsMuted(room, after.User, true);
        await after.Ask("mute", new { muted = false });
        await IsMuted(room, after.User, false);
    }

    [Fact]
    public async Task A_guest_stays_muted()
    {
        var room = await rig.OnAir();
        await using var guest = await rig.Join(room, Role.Guest);
        await guest.Offer();

        var refused = await guest.Refused("mute", new { muted = false });

        Assert.Equal((RpcErrors.Unauthorized, "role_insufficient", false), (refused.Code, refused.Reason, refused.Retryable));
        await IsMuted(room, guest.User, true);
    }

    [Theory]
    [InlineData(Role.Anchor)]
    [InlineData(Role.Guest)]
    public async Task Who_is_not_the_host_may_do_nothing_to_others(Role role)
    {
        var room = await rig.OnAir();
        await using var visitor = await rig.Join(room, role);
        await using var other = await rig.Join(room);

        foreach (var (method, given) in ((string, object?)[])[("mute", new { userId = other.User, muted = true }), ("remove", new { userId = other.User }), ("endRoom", null)])
            Assert.Equal((RpcErrors.Unauthorized, "role_insufficient"), await visitor.Refused(method, given) is var refused ? (refused.Code, refused.Reason) : default);
    }

    [Fact]
    public async Task Before_a_join_the_host_may_do_nothing_either()
    {
        var room = await rig.OnAir();
        await using var host = await rig.Connect(room, Role.Host);

        foreach (var (method, given) in ((string, object?)[])[("mute", new { muted = true }), ("remove", new { userId = host.User }), ("endRoom", null)])
            Assert.Equal("not_joined", (await host.Refused(method, given)).Reason);
    }

    [Fact]
    public async Task The_host_ends_the_room_for_all()
    {
        var room = await rig.OnAir();
        await using var host = await rig.Join(room, Role.Host);
        await using var anchor = await rig.Join(room);

        await host.Ask("endRoom");

        Assert.Equal((4410, "room_ended", false), await anchor.IsClosed());
        Assert.Equal((4410, "room_ended", false), await host.IsClosed());
        Assert.Equal("host", rig.Rooms.History(room).OfType<RoomEvent.RemovalRequested>().Single().Reason);
    }

    [Fact]
    public async Task The_host_removes_an_anchor_who_cannot_come_back()
    {
        var room = await rig.OnAir();
        await using var host = await rig.Join(room, Role.Host);
        await using var anchor = await rig.Join(room);
        await anchor.Offer();

        await host.Ask("remove", new { userId = anchor.User });

        Assert.Equal((4001, "removed", false), await anchor.IsClosed());
        await rig.HasParticipants(room);
        await host.SeesMembers((host.User, "idle"));
        Assert.Equal("removed", rig.Rooms.History(room).OfType<RoomEvent.AnchorLeft>().Single().Reason);
        await using var again = await rig.Reconnect(room, anchor);
        Assert.Equal("not_admitted", (await again.Refused("join", new { clientId = again.ClientId, pin = GatewayRig.Pin })).Reason);
    }

    [Fact]
    public async Task Who_is_removed_while_its_connection_is_lost_does_not_stay_on_air()
    {
        var room = await rig.OnAir();
        await using var host = await rig.Join(room, Role.Host);
        await using var anchor = await rig.Join(room);
        await anchor.Offer();
        anchor.Drop();
        await rig.HasParticipants(room, anchor.User);

        await host.Ask("remove", new { userId = anchor.User });

        await rig.HasParticipants(room);
    }

    private Task IsMuted(RoomId room, UserId user, bool muted) => Eventually.True(
        async () => (await rig.Participants(room))[user.Value] == muted, WorkerRig.Patience, $"{user} is {(muted ? "" : "not ")}muted");
}
