using EventRtc.Domain;
using EventRtc.Janus.Admin;
using EventRtc.Janus.Rooms;
using EventRtc.Local;
using EventRtc.Projections;
using Xunit;

namespace EventRtc.Services.Tests.Janus;

public sealed class JanusWorkerTests(JanusRig rig) : IClassFixture<JanusRig>
{
    private readonly JanusAdmin janus = rig.Janus;
    private readonly RoomsInMemory rooms = rig.Rooms;

    [Fact]
    public async Task A_room_on_air_gets_a_bridge_that_forwards_to_its_mixer()
    {
        var (room, nonce) = (WorkerRig.NewRoom(), WorkerRig.NewNonce());
        await rig.StartLive(room, nonce);
        await rooms.Do(JanusRig.MixerPort(room, nonce, 15_000));
        await rig.UntilForwarding(room);

        var bridge = Assert.Single(await rig.BridgesOf(room));
        Assert.Equal($"{room}/{nonce}", bridge.Description);
        Assert.Equal(bridge.Number, rooms.Views(room).Janus!.JanusRoomId);
        var forwarder = Assert.Single(await janus.ListForwarders(bridge.Number, default));
        Assert.Equal(new Forwarder(forwarder.StreamId, "127.0.0.1", 15_000, "opus", 111, true), forwarder);
    }

    [Fact]
    public async Task Removing_a_room_destroys_its_bridge()
    {
        var room = await rig.Forwarding(15_002);
        await rig.Remove(room);
        await rooms.Do(new RoomCommand.ReportMixerReleased(room, WorkerRig.MixerId, RoomsInMemory.Now));

        await Eventually.True(() => rooms.Steps(room).Last() == nameof(RoomEvent.RoomDeleted), WorkerRig.Patience, "the room is deleted");
        Assert.Empty(await rig.BridgesOf(room));
    }

    [Fact]
    public async Task Removing_a_room_of_which_nothing_is_here_is_reported_all_the_same()
    {
        var room = WorkerRig.NewRoom();
        await rig.Server.Kill();
        await rig.StartLive(room);
        await rig.Remove(room);
        await rig.Server.Start();

        await Eventually.True(() => rooms.Steps(room).Contains(nameof(RoomEvent.JanusRoomDestroyed)), WorkerRig.Patience, "the end is reported");
    }

    [Fact]
    public async Task A_worker_that_was_killed_goes_on_with_what_is_there()
    {
        var room = await rig.Forwarding(15_004);
        var (steps, bridge) = (rooms.Steps(room).ToList(), Assert.Single(await rig.BridgesOf(room)));
        var forwarders = await janus.ListForwarders(bridge.Number, default);

        await rig.Worker.Restart();
        var other = await rig.Forwarding(15_006); // shows that the new worker is at work

        Assert.Equal(bridge, Assert.Single(await rig.BridgesOf(room)));
        Assert.Equal(forwarders, await janus.ListForwarders(bridge.Number, default));
        Assert.Equal(steps, rooms.Steps(room));
        Assert.Single(await rig.BridgesOf(other));
    }

    [Fact]
    public async Task A_bridge_that_nobody_wants_is_destroyed_and_one_that_is_not_ours_stays()
    {
        await janus.CreateRoom(new NewBridge(4711, "somebody else's", "123456"), default);
        var (gone, stale, twice) = (WorkerRig.NewRoom(), WorkerRig.NewRoom(), WorkerRig.NewRoom());
        await janus.CreateRoom(new NewBridge(1, $"{gone}/n", "123456"), default);
        await janus.CreateRoom(new NewBridge(2, $"{stale}/before", "123456"), default);
        await rig.StartLive(stale, "now");
        await rig.StartLive(twice, "now");
        await Eventually.True(() => rooms.Views(twice).Janus is not null, WorkerRig.Patience, "there is a bridge");
        await janus.CreateRoom(new NewBridge(3, $"{twice}/now", "123456"), default);

        await Eventually.True(async () => (await janus.ListRooms(default)).Count(bridge => bridge.Number <= 3) == (rooms.Views(twice).Janus!.JanusRoomId == 3 ? 1 : 0), WorkerRig.Patience, "they are gone");
        await Eventually.True(async () => Assert.Single(await rig.BridgesOf(twice)).Number == rooms.Views(twice).Janus!.JanusRoomId, WorkerRig.Patience, "one is left, and it is the reported one");
        Assert.Equal($"{stale}/now", Assert.Single(await rig.BridgesOf(stale)).Description);
        Assert.Contains(await janus.ListRooms(default), bridge => bridge.Number == 4711);
    }

    [Fact]
    public async Task A_lost_forwarder_is_made_again_and_reported_as_another_one()
    {
        var room = await rig.Forwarding(15_010);
        var (bridge, since) = (rooms.Views(room).Janus!.JanusRoomId, rooms.Views(room).Janus!.Timestamp);
        foreach (var forwarder in await janus.ListForwarders(bridge, default))
            await janus.StopForwarding(bridge, forwarder.StreamId, default);

        await Eventually.True(() => rooms.Views(room).Janus is { Status: JanusStatus.Forwarding } now && now.Timestamp > since, WorkerRig.Patience, "it is reported again");
        Assert.Equal(["ForwardingStarted", "ForwardingStopped", "ForwardingStarted"], rooms.Steps(room).TakeLast(3));
        Assert.Single(await janus.ListForwarders(bridge, default));
    }

    [Fact]
    public async Task A_forwarder_too_many_is_stopped()
    {
        var room = await rig.Forwarding(15_012);
        var bridge = rooms.Views(room).Janus!.JanusRoomId;
        await janus.StartForwarding(bridge, "127.0.0.1", 15_012, default);
        await janus.StartForwarding(bridge, "127.0.0.1", 15_014, default);

        await Eventually.True(async () => await janus.ListForwarders(bridge, default) is [{ Port: 15_012 }], WorkerRig.Patience, "one is left");
        Assert.Equal("ForwardingStarted", rooms.Steps(room).Last());
    }

    [Fact]
    public async Task The_forwarder_follows_the_mixer_to_another_port()
    {
        var (room, nonce) = (WorkerRig.NewRoom(), WorkerRig.NewNonce());
        await rig.StartLive(room, nonce);
        await rooms.Do(JanusRig.MixerPort(room, nonce, 15_016));
        await rig.UntilForwarding(room);
        await rooms.Do(JanusRig.MixerPort(room, nonce, 15_018));
        await rig.UntilForwarding(room);

        Assert.Equal(15_018, Assert.Single(await janus.ListForwarders(rooms.Views(room).Janus!.JanusRoomId, default)).Port);
        Assert.Single(await rig.BridgesOf(room));
    }

    [Fact]
    public async Task A_report_that_comes_too_late_is_let_go()
    {
        var room = await rig.Forwarding(15_022);
        var before = rooms.Views(room);
        await rig.Remove(room);
        await rooms.Do(new RoomCommand.ReportMixerReleased(room, WorkerRig.MixerId, RoomsInMemory.Now));
        await Eventually.True(() => rooms.Views(room).IsEmpty, WorkerRig.Patience, "the room is deleted");

        await rooms.Show(room, before); // views that lag behind the log, for a moment
        await Eventually.True(async () => (await rig.BridgesOf(room)).Count == 1, WorkerRig.Patience, "the worker believes them");
        await rooms.Show(room, RoomViews.Empty);

        await Eventually.True(async () => (await rig.BridgesOf(room)).Count == 0, WorkerRig.Patience, "and lets go when they are right again");
        Assert.Equal(nameof(RoomEvent.RoomDeleted), rooms.Steps(room).Last());
    }

    [Fact]
    public async Task The_heartbeat_lasts_as_long_as_Janus_answers()
    {
        const string Key = "/januses/janus-1/heartbeat";
        await rig.Forwarding(15_024);
        var beat = await Eventually.Value(() => rig.HeartbeatAt(Key), WorkerRig.Patience, "there is a heartbeat");
        Assert.Equal((Heartbeat.Healthy, $"{rig.Server.WebSocketUrl}"), (beat.Status, beat.WsUrl));

        await rig.Server.Freeze();
        await Eventually.True(async () => await rig.HeartbeatAt(Key) is null, WorkerRig.Patience, "a frozen Janus has none");
        rig.Server.Thaw();
        await Eventually.Value(() => rig.HeartbeatAt(Key), WorkerRig.Patience, "a thawed one has");
        await rig.Server.Kill();
        await Eventually.True(async () => await rig.HeartbeatAt(Key) is null, WorkerRig.Patience, "a dead one has none");
        await rig.Server.Start();
    }
}
