using System.Diagnostics;
using EventRtc.Domain;
using EventRtc.Janus.Admin;
using EventRtc.Local;
using EventRtc.Local.Servers;
using EventRtc.Services.Tests.Janus;
using EventRtc.Visitors;
using Xunit;

namespace EventRtc.Services.Tests.Gateway;

/// <summary>A room whose Janus is gone or another one, with a second Janus beside the rig's: visitors are told when to join again, and need not find out by trying.</summary>
public sealed class MovedMediaTests(GatewayRig rig) : IClassFixture<GatewayRig>, IAsyncLifetime
{
    private static readonly ModuleId Other = new("janus-2");

    private readonly RoomsInMemory rooms = rig.Rooms;
    private JanusServer server = null!;
    private ServiceProcess worker = null!;
    private JanusAdmin admin = null!;

    public async ValueTask InitializeAsync()
    {
        server = await JanusServer.Start(rig.Sub("janus-2"));
        worker = await rig.StartService("janus-worker-2", JanusRig.Project, JanusRig.Settings(Other, server));
        admin = new JanusAdmin(new JanusAccess(server.AdminUrl, server.AdminSecret, server.AdminKey, TimeSpan.FromSeconds(5)));
        await Eventually.Value(() => rig.HeartbeatAt("/januses/janus-2/heartbeat"), WorkerRig.Patience, "the other Janus is there");
    }

    public async ValueTask DisposeAsync()
    {
        await worker.Kill();
        await worker.DisposeAsync();
        admin.Dispose();
        await server.DisposeAsync();
        await rig.Etcd.Delete("/januses/janus-2/heartbeat");
    }

    [Fact]
    public async Task Who_waits_for_a_killed_Janus_is_told_once_its_room_is_there_again()
    {
        var room = await rig.OnAir();
        await using var visitor = await rig.Join(room);
        await visitor.Offer();

        await rig.Server.Kill();
        await visitor.Hears("mediaMoved", moved => Reason(moved) == "janus_lost");
        Assert.True((await visitor.Refused("join", new { clientId = visitor.ClientId, pin = GatewayRig.Pin })).Retryable);
        await rig.Server.Start();

        await visitor.Hears("mediaMoved", moved => Reason(moved) == "ready");
        await visitor.Join();
        await visitor.Offer();
        await rig.HasParticipants(room, visitor.User);
        Assert.Equal(2, visitor.Heard("mediaMoved").Count);
    }

    [Fact]
    public async Task Who_lost_a_frozen_Janus_is_told_once_it_goes_on()
    {
        var room = await rig.OnAir();
        await using var visitor = await rig.Join(room);
        await visitor.Offer();

        await rig.Server.Freeze();
        await visitor.Hears("mediaMoved", moved => Reason(moved) == "janus_lost");
        await Eventually.True(async () => await rig.HeartbeatAt("/januses/janus-1/heartbeat") is null, WorkerRig.Patience, "its heartbeat has ended");
        rig.Server.Thaw();

        await visitor.Hears("mediaMoved", moved => Reason(moved) == "ready");
        Assert.True(await visitor.Resume());
    }

    [Fact]
    public async Task A_room_that_moves_takes_its_visitors_along_and_they_hear_on_until_they_go()
    {
        var others = await rig.JanusSessions(); // of visitors of other tests, whose gateway is gone: Janus keeps them for a minute
        var room = await rig.OnAir();
        await using var visitor = await rig.Join(room);
        await visitor.Offer();
        var old = Assert.Single(await rig.BridgesOf(room));

        await MoveTo(Other, room);
        await visitor.Hears("mediaMoved", moved => Reason(moved) == "moved");
        Assert.Equal([visitor.User.Value], (await rig.Janus.ListParticipants(old.Number, default)).Select(one => one.Display));
        Assert.False(await visitor.Resume());
        await visitor.Offer();

        await Eventually.True(async () => await Displays(room) is [var display] && display == visitor.User.Value, WorkerRig.Patience, "the visitor is there");
        await Eventually.True(async () => (await rig.BridgesOf(room)).Count == 0 && await rig.JanusSessions() <= others, WorkerRig.Patience, "nothing is left behind");
        Assert.Single(visitor.Heard("mediaMoved"));
    }

    [Fact]
    public async Task Nobody_waits_for_a_Janus_that_the_room_has_left()
    {
        await using var patient = await rig.StartGateway("gateway-patient", ("GATEWAY_JANUS_TIMEOUT", "50s"), ("GATEWAY_JANUS_PING", "50s"));
        var room = await rig.OnAir();
        var (user, token) = await rig.Admit(room);
        await using var visitor = await GatewayClient.Connect(rig.Address(token, gateway: patient), user);
        await visitor.Join();
        await visitor.Offer();

        await rig.Server.Freeze();
        try
        {
            var joining = visitor.Refused("join", new { clientId = visitor.ClientId, pin = GatewayRig.Pin, jtoken = visitor.Jtoken });
            await visitor.Ask("keepalive", new { status = "onair" }); // the join was read before it, and is under way
            var began = Stopwatch.GetTimestamp();
            await MoveTo(Other, room);
            Assert.Equal(("room_not_ready", true), ((await joining).Reason, (await joining).Retryable));
            await visitor.Hears("mediaMoved");
            await visitor.Join();
            await visitor.Offer();
            Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(30)); // and not the time-out
        }
        finally
        {
            rig.Server.Thaw();
        }
        Assert.Equal([visitor.User.Value], await Displays(room));
    }

    private static string? Reason(System.Text.Json.JsonElement moved) => moved.GetProperty("reason").GetString();

    private Task MoveTo(ModuleId janus, RoomId room) => rooms.Do(new RoomCommand.ReassignModules(room, janus, WorkerRig.MixerId, "test", RoomsInMemory.Now));

    /// <summary>Who is in the room on the other Janus.</summary>
    private async Task<IReadOnlyList<string?>> Displays(RoomId room) =>
        [.. (await admin.ListParticipants(rooms.Views(room).Janus!.JanusRoomId, default)).Select(one => one.Display)];
}
