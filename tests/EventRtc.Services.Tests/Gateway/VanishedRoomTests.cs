using EventRtc.Domain;
using EventRtc.JsonRpc;
using EventRtc.Local;
using EventRtc.Visitors;
using Xunit;

namespace EventRtc.Services.Tests.Gateway;

/// <summary>Views that vanish end no room: its connections stay until the log says that it is over.</summary>
public sealed class VanishedRoomTests(GatewayRig rig) : IClassFixture<GatewayRig>
{
    private readonly RoomsInMemory rooms = rig.Rooms;

    [Fact]
    public async Task Nobody_notices_and_the_log_is_asked_once_for_all()
    {
        var room = await rig.OnAir();
        await using var first = await rig.Join(room);
        await using var second = await rig.Join(room);
        await first.Offer();
        await second.Offer();

        await rig.LoseViews(room);
        await Eventually.True(() => Questions(room) > 0, WorkerRig.Patience, "the gateway asks the log");
        await rig.HasAsked(room); // and the worker

        await rig.HasParticipants(room, first.User, second.User);
        foreach (var visitor in (GatewayClient[])[first, second])
        {
            await visitor.Ask("keepalive", new { status = "onair" });
            Assert.Empty(visitor.Heard("mediaMoved"));
            Assert.Empty(visitor.Heard("roomEnding"));
        }
        Assert.InRange(Questions(room), 1, 2); // for all four views and both connections
    }

    [Fact]
    public async Task A_room_that_has_ended_ends_for_its_connections_though_its_views_say_no_more()
    {
        var room = await rig.OnAir();
        await using var visitor = await rig.Join(room);

        await rig.Gateway.Freeze();
        await rooms.Do(new RoomCommand.RemoveRoom(room, "test", RoomsInMemory.Now), new RoomCommand.DiscardRoom(room, RoomsInMemory.Now));
        rig.Gateway.Thaw();

        Assert.Equal((4410, "room_ended", false), await visitor.IsClosed());
        Assert.Single(visitor.Heard("roomEnding"));
    }

    [Fact]
    public async Task Nobody_is_sent_away_while_the_log_cannot_be_asked()
    {
        var room = await rig.OnAir();
        await using var visitor = await rig.Join(room);
        await visitor.Offer();

        await rig.Redis.Freeze();
        await rig.LoseViews(room);
        await Eventually.True(() => File.ReadLines(rig.Gateway.LogFile).Any(line => line.Contains($"{room} failed", StringComparison.Ordinal)), WorkerRig.Patience, "the gateway asks in vain");
        rig.Redis.Thaw();

        await Eventually.True(() => Questions(room) > 0, WorkerRig.Patience, "it asks again");
        Assert.False(visitor.Closed.IsCompleted);
        await rig.HasParticipants(room, visitor.User);
    }

    [Fact]
    public async Task Who_knocks_meanwhile_is_asked_to_come_again()
    {
        var room = await rig.OnAir();
        await using var visitor = await rig.Connect(room);
        await rig.LoseViews(room);

        await Eventually.True(async () => (await Refused(visitor)).Reason == "room_not_ready", WorkerRig.Patience, "the gateway has seen it");
        Assert.True((await Refused(visitor)).Retryable);

        await rooms.Show(room, rooms.Views(room));
        await Eventually.True(async () => await visitor.Join() is { ValueKind: System.Text.Json.JsonValueKind.Object }, WorkerRig.Patience, "it is let in");
    }

    private static Task<RpcException> Refused(GatewayClient visitor) => visitor.Refused("join", new { clientId = visitor.ClientId, pin = GatewayRig.Pin });

    private int Questions(RoomId room) => rooms.Questions(room, "gateway");
}
