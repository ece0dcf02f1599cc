using EventRtc.Domain;
using EventRtc.Gateway.Janus;
using EventRtc.Local;
using EventRtc.Local.Servers;
using EventRtc.Visitors;
using Xunit;

namespace EventRtc.Services.Tests.Gateway;

/// <summary>A visitor whose WebSocket is gone comes back to the media that it left, at the same gateway or at another one.</summary>
public sealed class ResumeTests(GatewayRig rig) : IClassFixture<GatewayRig>, IAsyncLifetime
{
    private ServiceProcess second = null!;

    public async ValueTask InitializeAsync() => second = await rig.StartGateway("gateway-2", ("GATEWAY_KEEP_MEDIA", "2s"));

    public ValueTask DisposeAsync() => second.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_dropped_visitor_finds_its_session_again(bool elsewhere)
    {
        var room = await rig.OnAir();
        await using var before = await rig.Join(room);
        await before.Offer();
        var sessions = await rig.JanusSessions();

        before.Drop();
        await using var after = await rig.Reconnect(room, before, elsewhere ? second : null);

        Assert.True(await after.Resume());
        await after.SeesMembers((after.User, "idle"));
        Assert.Equal([after.User.Value], (await rig.Participants(room)).Keys);
        Assert.Equal(sessions, await rig.JanusSessions());
        await after.Offer(); // renegotiates over the new connection
        Assert.Equal(["AnchorAdmitted", "AnchorJoined"], rig.Rooms.Steps(room).Where(step => step.StartsWith("Anchor", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_tab_that_connects_again_before_its_drop_is_noticed_takes_its_session_over()
    {
        var room = await rig.OnAir();
        await using var before = await rig.Join(room);
        await before.Offer();

        await using var after = await rig.Reconnect(room, before, second);

        Assert.True(await after.Resume());
        Assert.Equal((4009, "taken_over", false), await before.IsClosed());
        Assert.Equal([after.User.Value], (await rig.Participants(room)).Keys);
        Assert.StartsWith("gateway-2.", await rig.Holder(room, after.User), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tab_that_closes_its_former_connection_properly_keeps_what_the_next_has_claimed()
    {
        for (var i = 0; i < 10; i++)
        {
            var room = await rig.OnAir();
            var before = await rig.Join(room);
            await before.Offer();
            await using var after = await rig.Reconnect(room, before, second);

            Assert.True(await after.Resume());
            await before.DisposeAsync();

            Assert.True(await after.Resume());
            Assert.Empty(after.Heard("mediaMoved"));
            await rig.HasParticipants(room, after.User);
        }
    }

    [Fact]
    public async Task It_resumes_as_often_as_it_drops()
    {
        var room = await rig.OnAir();
        var visitor = await rig.Join(room);
        await visitor.Offer();
        for (var i = 0; i < 6; i++)
        {
            visitor.Drop();
            var next = await rig.Reconnect(room, visitor, i % 2 == 0 ? second : null);
            Assert.True(await next.Resume());
            await visitor.DisposeAsync();
            visitor = next;
        }

        Assert.Equal([visitor.User.Value], (await rig.Participants(room)).Keys);
        await visitor.Ask("leave");
        Assert.Empty(await rig.Participants(room));
        await visitor.DisposeAsync();
    }

    [Fact]
    public async Task Without_its_token_it_gets_a_new_session_and_its_ghost_is_thrown_out()
    {
        var room = await rig.OnAir();
        await using var before = await rig.Join(room);
        await before.Offer();

        before.Drop();
        await using var after = await rig.Reconnect(room, before, second);
        await after.Join();

        await rig.HasParticipants(room);
        await after.Offer();
        await rig.HasParticipants(room, after.User);
    }

    [Fact]
    public async Task A_token_of_another_user_of_an_earlier_session_or_of_another_key_gets_a_new_session()
    {
        var room = await rig.OnAir();
        await using var other = await rig.Join(room);
        await other.Offer();
        await using var visitor = await rig.Connect(room);
        var foreign = new JanusTokens(new JanusTokenOptions { TokenKey = new string('8', 64) }).Seal(1, 2, "nonce", visitor.User);

        foreach (var token in (string[])[other.Jtoken!, foreign, "nonsense", ""])
            Assert.False(await visitor.Resume(token));
        await visitor.Offer();
        await rig.HasParticipants(room, other.User, visitor.User);

        var (earlier, bridge) = (visitor.Jtoken!, rig.Rooms.Views(room).Janus!.JanusRoomId);
        await rig.StartAnew(room, WorkerRig.NewNonce());
        await rig.HasJanusRoom(room, otherThan: bridge);
        await rig.Rooms.Do(new RoomCommand.AdmitAnchor(room, visitor.User, Role.Anchor, RoomsInMemory.Now));
        await using var back = await rig.Reconnect(room, visitor);
        Assert.False(await back.Resume(earlier));
    }

    [Fact]
    public async Task A_second_join_of_a_connection_keeps_the_session_it_claims()
    {
        await using var visitor = await rig.Join(await rig.OnAir());
        await visitor.Offer();

        Assert.True(await visitor.Resume());
        Assert.False(await visitor.Resume("another"));
    }

    [Fact]
    public async Task Media_that_nobody_comes_back_to_ends_and_the_room_knows()
    {
        var room = await rig.OnAir();
        var sessions = await rig.JanusSessions();
        var (user, token) = await rig.Admit(room);
        await using var visitor = await GatewayClient.Connect(rig.Address(token, gateway: second), user);
        await visitor.Join();
        await visitor.Offer();

        visitor.Drop();

        await Eventually.True(async () => await rig.Holder(room, user) is null, WorkerRig.Patience, "its place is free at once");
        Assert.Single(await rig.Participants(room));
        await Eventually.True(async () => await rig.JanusSessions() == sessions, WorkerRig.Patience, "its session has ended");
        await Eventually.True(() => rig.Rooms.Steps(room).Last() == "AnchorLeft", WorkerRig.Patience, "the room knows");
        await Eventually.True(async () => await rig.Holder(room, user) is null, WorkerRig.Patience, "its place is free");
    }

    [Fact]
    public async Task A_killed_gateways_visitor_resumes_at_the_other_at_once()
    {
        var room = await rig.OnAir();
        var third = await rig.StartGateway("gateway-3");
        var (user, token) = await rig.Admit(room);
        await using var before = await GatewayClient.Connect(rig.Address(token, gateway: third), user);
        await before.Join();
        await before.Offer();

        await third.Kill();
        await using var after = await rig.Reconnect(room, before, second);

        Assert.True(await after.Resume());
        Assert.Equal([user.Value], (await rig.Participants(room)).Keys);
        await third.DisposeAsync();
    }
}
