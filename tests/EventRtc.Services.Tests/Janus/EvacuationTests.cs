using System.Diagnostics;
using System.Text.Json;
using EventRtc.Domain;
using EventRtc.Local;
using EventRtc.Projections;
using Xunit;

namespace EventRtc.Services.Tests.Janus;

/// <summary>A worker that is asked to stop empties its Janus first, when there is another one: a heartbeat that the test writes, as it moves the rooms too.</summary>
public sealed class EvacuationTests(JanusRig rig) : IClassFixture<JanusRig>
{
    private const string Own = "/januses/janus-1/heartbeat", OfOther = "/januses/janus-2/heartbeat";
    private static readonly ModuleId Other = new("janus-2");

    private readonly RoomsInMemory rooms = rig.Rooms;

    [Fact]
    public async Task It_waits_until_its_rooms_were_moved_and_leaves_nothing()
    {
        RoomId[] all = [await rig.Forwarding(15_400), await rig.Forwarding(15_402)];
        await Beat(Heartbeat.Healthy);
        await rig.Forwarding(15_404);

        var stopped = rig.Worker.Stop();
        await Eventually.True(async () => await rig.HeartbeatAt(Own) is { Status: Heartbeat.Stopping }, WorkerRig.Patience, "its heartbeat says so");
        foreach (var room in all)
            await MoveAway(room);
        foreach (var room in all)
            await Eventually.True(async () => (await rig.BridgesOf(room)).Count == 0, WorkerRig.Patience, "the bridge is gone");
        Assert.False(stopped.IsCompleted); // there is one more
        await Beat(null);
        await stopped;

        Assert.Null(await rig.HeartbeatAt(Own));
        await rig.Worker.Start();
    }

    [Theory]
    [InlineData(null), InlineData(Heartbeat.Unwell)]
    public async Task Without_another_Janus_that_could_take_them_it_stops_at_once(string? other)
    {
        var room = await rig.Forwarding(15_406);
        var held = await rig.HeldOf(room);
        await Beat(other);

        var began = Stopwatch.GetTimestamp();
        await rig.Worker.Stop();
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(8)); // the time-out has 30

        Assert.Equal(held, await rig.HeldOf(room));
        await rig.Worker.Start();
    }

    private async Task MoveAway(RoomId room)
    {
        var nonce = rooms.Views(room).Live!.Nonce;
        await rooms.Do(
            new RoomCommand.ReassignModules(room, Other, WorkerRig.MixerId, MoveReasons.Unstable(ModuleKind.Janus), RoomsInMemory.Now),
            new RoomCommand.ReportJanusRoom(room, Other, nonce, 4711, RoomsInMemory.Now));
    }

    /// <summary>What the other Janus says of itself; null: it is gone.</summary>
    private Task<long> Beat(string? status) => status is null ? rig.Etcd.Delete(OfOther) : rig.Etcd.Put(
        OfOther, JsonSerializer.SerializeToUtf8Bytes(new Heartbeat(status, "test", Capacity: 100, Streams: 0, RoomsInMemory.Now), DomainJson.Options));
}
