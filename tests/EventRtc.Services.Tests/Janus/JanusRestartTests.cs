using EventRtc.Domain;
using EventRtc.Janus.Rooms;
using EventRtc.Local;
using EventRtc.Projections;
using Xunit;

namespace EventRtc.Services.Tests.Janus;

/// <summary>A Janus that was killed and started again has nothing; its worker notices, however short it was.</summary>
public sealed class JanusRestartTests(JanusRig rig) : IClassFixture<JanusRig>
{
    private const string Heartbeats = "/januses/janus-1/heartbeat";

    private readonly RoomsInMemory rooms = rig.Rooms;

    [Fact]
    public async Task It_gets_its_rooms_again_and_the_mixers_are_told_of_new_forwarders()
    {
        RoomId[] all = [await rig.Forwarding(15_300), await rig.Forwarding(15_302), await rig.Forwarding(15_304)];
        var before = all.ToDictionary(room => room, room => rooms.Views(room).Janus!);

        await rig.Server.Restart();

        foreach (var room in all)
        {
            await Eventually.True(
                () => rooms.Views(room).Janus is { Status: JanusStatus.Forwarding } now && now.JanusRoomId != before[room].JanusRoomId && now.Timestamp > before[room].Timestamp,
                WorkerRig.Patience, "it forwards from a new bridge");
            Assert.Equal(rooms.Views(room).Janus!.JanusRoomId, Assert.Single(await rig.BridgesOf(room)).Number);
            Assert.Equal([nameof(RoomEvent.JanusRoomCreated), nameof(RoomEvent.ForwardingStarted)], rooms.Steps(room).TakeLast(2));
        }
    }

    [Fact]
    public async Task It_is_noticed_without_any_room()
    {
        var since = (await Eventually.Value(() => rig.HeartbeatAt(Heartbeats), WorkerRig.Patience, "there is a heartbeat")).StartedAt;
        var canary = await Canaries();

        await rig.Server.Restart();

        await Eventually.True(async () => await Canaries() is [var now] && now != canary[0], WorkerRig.Patience, "there is another canary");
        await Eventually.True(async () => await rig.HeartbeatAt(Heartbeats) is { } beat && beat.StartedAt > since, WorkerRig.Patience, "the heartbeat tells of the restart");
        Assert.Contains(File.ReadLines(rig.Worker.LogFile), line => line.Contains("was restarted", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_restart_of_the_worker_is_none_of_Janus()
    {
        await Eventually.True(async () => (await Canaries()).Count == 1, WorkerRig.Patience, "there is a canary");
        var (since, canary) = ((await Eventually.Value(() => rig.HeartbeatAt(Heartbeats), WorkerRig.Patience, "there is a heartbeat")).StartedAt, await Canaries());

        await rig.Worker.Stop();
        await rig.Worker.Start();
        await rig.Forwarding(15_306); // shows that the new worker is at work

        Assert.Equal(canary, await Canaries());
        Assert.Equal(since, (await Eventually.Value(() => rig.HeartbeatAt(Heartbeats), WorkerRig.Patience, "there is a heartbeat")).StartedAt, TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public async Task A_room_that_Janus_refuses_again_and_again_asks_for_another_one()
    {
        var (room, nonce) = (WorkerRig.NewRoom(), WorkerRig.NewNonce());
        await rig.StartLive(room, nonce);
        await rooms.Do(new RoomCommand.ReportMixerPort(room, WorkerRig.MixerId, nonce, "no address", 15_308, 3001, RoomsInMemory.Now));

        await Eventually.True(() => rooms.Moves.Any(move => move.Room == room), WorkerRig.Patience, "it asks");
        var asked = rooms.Moves.First(move => move.Room == room);
        Assert.Equal((ModuleKind.Janus, WorkerRig.JanusId, nonce, "janus_failed"), (asked.Kind, asked.Module, asked.Nonce, asked.Reason));
        await rig.Remove(room);
    }

    [Fact]
    public async Task A_Janus_that_is_away_for_long_asks_for_nothing()
    {
        var room = await rig.Forwarding(15_310);
        await rig.Server.Kill();
        await Eventually.True(async () => await rig.HeartbeatAt(Heartbeats) is null, WorkerRig.Patience, "its heartbeat ends");
        await rig.Server.Start();

        await Eventually.True(async () => (await rig.BridgesOf(room)).Count == 1, WorkerRig.Patience, "its room is there again");
        Assert.DoesNotContain(rooms.Moves, move => move.Room == room);
    }

    private async Task<IReadOnlyList<long>> Canaries() =>
        [.. (await rig.Janus.ListRooms(default)).Where(bridge => bridge.Description.StartsWith(Canary.Mark, StringComparison.Ordinal)).Select(bridge => bridge.Number)];
}
