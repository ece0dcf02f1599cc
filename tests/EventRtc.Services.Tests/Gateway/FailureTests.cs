using EventRtc.JsonRpc;
using EventRtc.Local;
using EventRtc.Visitors;
using Xunit;

namespace EventRtc.Services.Tests.Gateway;

/// <summary>What a visitor notices when something around the gateway, or the gateway itself, goes away.</summary>
public sealed class FailureTests(GatewayRig rig) : IClassFixture<GatewayRig>
{
    [Fact]
    public async Task A_killed_Janus_moves_its_visitors_to_its_successor()
    {
        var room = await rig.OnAir();
        await using var visitor = await rig.Join(room);
        await visitor.Offer();
        var before = rig.Rooms.Views(room).Janus!.JanusRoomId;

        await rig.Server.Kill();
        Assert.Equal("janus_lost", (await visitor.Hears("mediaMoved")).GetProperty("reason").GetString());
        var refused = await visitor.Refused("join", new { clientId = visitor.ClientId, pin = GatewayRig.Pin });
        Assert.Equal((RpcErrors.Unavailable, true), (refused.Code, refused.Retryable));
        await rig.Server.Restart();
        await rig.HasJanusRoom(room, otherThan: before);

        await IsOnAirAgain(visitor);
        Assert.Single(await rig.Participants(room));
    }

    [Fact]
    public async Task A_Janus_room_that_was_replaced_is_left()
    {
        var room = await rig.OnAir();
        await using var visitor = await rig.Join(room);
        await visitor.Offer();
        var before = rig.Rooms.Views(room).Janus!.JanusRoomId;

        await rig.Janus.DestroyRoom(before, CancellationToken.None);
        await rig.HasJanusRoom(room, otherThan: before);

        Assert.Equal("janus_restarted", (await visitor.Hears("mediaMoved")).GetProperty("reason").GetString());
        await IsOnAirAgain(visitor);
        Assert.Single(await rig.Participants(room));
    }

    [Fact]
    public async Task A_frozen_Janus_delays_a_join_and_does_not_hang_it()
    {
        var room = await rig.OnAir();
        await using var visitor = await rig.Connect(room);

        await rig.Server.Freeze();
        var refused = await visitor.Refused("join", new { clientId = visitor.ClientId, pin = GatewayRig.Pin });
        rig.Server.Thaw();

        Assert.Equal((RpcErrors.Unavailable, true), (refused.Code, refused.Retryable));
        await IsOnAirAgain(visitor);
    }

    [Fact]
    public async Task A_killed_gateway_leaves_its_sessions_to_its_successor()
    {
        var room = await rig.OnAir();
        var (user, token) = await rig.Admit(room);
        await using var visitor = await GatewayClient.Connect(rig.Address(token), user);
        await visitor.Join();
        await visitor.Offer();

        await rig.Gateway.Kill();
        Assert.Equal(1006, (await visitor.Closed).Code);
        await rig.Gateway.Restart();

        await using var again = await GatewayClient.Connect(rig.Address(token), visitor);
        Assert.True(await again.Resume());
        await again.SeesMembers((user, "idle"));
        Assert.Single(await rig.Participants(room));
    }

    [Fact]
    public async Task A_gateway_that_stops_says_so()
    {
        var room = await rig.OnAir();
        await using var visitor = await rig.Join(room);
        await visitor.Offer();

        await rig.Gateway.Stop();

        Assert.Equal((1012, "restart", true), await visitor.IsClosed());
        await rig.Gateway.Start();
        await using var again = await GatewayClient.Connect(rig.Address(rig.TokenOf(room, visitor.User)), visitor);
        Assert.True(await again.Resume());
    }

    [Fact]
    public async Task A_frozen_Redis_refuses_for_a_while_and_loses_nobody()
    {
        var room = await rig.OnAir();
        await using var visitor = await rig.Join(room);

        await rig.Redis.Freeze();
        var refused = await visitor.Refused("keepalive", new { status = "onair" });
        rig.Redis.Thaw();

        Assert.Equal((RpcErrors.Unavailable, true), (refused.Code, refused.Retryable));
        await Eventually.True(
            async () => (await visitor.Ask("keepalive", new { status = "onair" })).ValueKind is System.Text.Json.JsonValueKind.Null, WorkerRig.Patience, "it answers again");
        await visitor.SeesMembers((visitor.User, "onair"));
    }

    /// <summary>As a client does it: when the media moves once more in between, it joins once more.</summary>
    private static Task IsOnAirAgain(GatewayClient visitor) => Eventually.True(
        async () => await visitor.Join() is { ValueKind: System.Text.Json.JsonValueKind.Object } && await visitor.Offer() is { Length: > 0 },
        WorkerRig.Patience, "the visitor is on air again");
}
