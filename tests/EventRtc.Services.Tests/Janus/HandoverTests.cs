using EventRtc.Domain;
using EventRtc.Janus.Admin;
using EventRtc.Local;
using EventRtc.Projections;
using Xunit;

namespace EventRtc.Services.Tests.Janus;

/// <summary>A room that moves to another Janus, which the test itself plays, keeps its sound until that one has it.</summary>
public sealed class HandoverTests(JanusRig rig) : IClassFixture<JanusRig>
{
    private static readonly ModuleId Other = new("janus-2");

    private readonly RoomsInMemory rooms = rig.Rooms;

    [Fact]
    public async Task The_bridge_stays_until_the_other_Janus_has_one_and_its_forwarder_stops_then()
    {
        var room = await rig.Forwarding(15_200);
        var held = await rig.HeldOf(room);
        await Move(room, to: Other);
        await rig.Forwarding(15_202); // shows that the worker has seen it
        Assert.Equal(held, await rig.HeldOf(room));

        var took = await Take(room);

        var bridge = Assert.Single(await rig.BridgesOf(room));
        await Eventually.True(async () => await ForwardersOf(bridge) is null or [], WorkerRig.Patience, "it sends no more");
        await Eventually.True(async () => (await rig.BridgesOf(room)).Count == 0, WorkerRig.Patience, "the bridge is gone");
        Assert.InRange(TimeProvider.System.GetElapsedTime(took), TimeSpan.FromSeconds(1), WorkerRig.Patience);
        Assert.Equal([nameof(RoomEvent.ModulesReassigned), nameof(RoomEvent.JanusRoomCreated)], rooms.Steps(room).TakeLast(2));
    }

    [Fact]
    public async Task The_forwarder_runs_on_until_the_mixer_listens_elsewhere()
    {
        var room = await rig.Forwarding(15_218);
        var bridge = Assert.Single(await rig.BridgesOf(room));
        await Move(room, to: Other);
        await Take(room);
        await rig.Forwarding(15_220); // shows that the worker has seen it
        Assert.Equal(15_218, Assert.Single(await rig.Janus.ListForwarders(bridge.Number, default)).Port);

        await rooms.Do(JanusRig.MixerPort(room, rooms.Views(room).Live!.Nonce, 15_222));
        await Eventually.True(async () => await ForwardersOf(bridge) is null or [], WorkerRig.Patience, "it sends no more");
    }

    [Fact]
    public async Task A_room_that_comes_is_not_sent_to_where_its_mixer_heard_the_other_Janus()
    {
        var (room, nonce) = (WorkerRig.NewRoom(), WorkerRig.NewNonce());
        await rig.StartLive(room, nonce, janus: Other);
        await rooms.Do(JanusRig.MixerPort(room, nonce, 15_224));
        await Take(room);
        await rig.Forwarding(15_226); // shows that the worker has seen it
        await Move(room, to: WorkerRig.JanusId);
        await Eventually.True(() => rooms.Views(room).Janus?.Id == WorkerRig.JanusId, WorkerRig.Patience, "it has a bridge here");
        Assert.Empty(await rig.Janus.ListForwarders(rooms.Views(room).Janus!.JanusRoomId, default));

        await rooms.Do(JanusRig.MixerPort(room, nonce, 15_228));
        await rig.UntilForwarding(room);
        Assert.Equal(15_228, Assert.Single(await rig.Janus.ListForwarders(rooms.Views(room).Janus!.JanusRoomId, default)).Port);
    }

    [Fact]
    public async Task A_room_that_comes_to_a_mixer_that_stays_where_it_is_has_its_sound_all_the_same()
    {
        var (room, nonce) = (WorkerRig.NewRoom(), WorkerRig.NewNonce());
        await rig.StartLive(room, nonce, janus: Other);
        await rooms.Do(JanusRig.MixerPort(room, nonce, 15_230));
        await rig.Forwarding(15_232); // shows that the worker has seen it
        await Move(room, to: WorkerRig.JanusId);

        await rig.UntilForwarding(room);
        Assert.Equal(15_230, Assert.Single(await rig.Janus.ListForwarders(rooms.Views(room).Janus!.JanusRoomId, default)).Port);
    }

    [Fact]
    public async Task A_Janus_that_never_takes_the_room_is_not_waited_for_forever()
    {
        var room = await rig.Forwarding(15_204);
        var moved = TimeProvider.System.GetTimestamp();
        await Move(room, to: Other);

        await Eventually.True(async () => (await rig.BridgesOf(room)).Count == 0, WorkerRig.Patience, "the bridge is gone");
        Assert.InRange(TimeProvider.System.GetElapsedTime(moved), TimeSpan.FromSeconds(3), WorkerRig.Patience);
    }

    [Fact]
    public async Task A_room_that_comes_back_in_time_goes_on_with_its_bridge()
    {
        var room = await rig.Forwarding(15_206);
        var bridge = Assert.Single(await rig.BridgesOf(room));
        await Move(room, to: Other);
        await Move(room, to: WorkerRig.JanusId);

        await rig.UntilForwarding(room);
        Assert.Equal(bridge.Number, rooms.Views(room).Janus!.JanusRoomId);
        Assert.Equal(15_206, Assert.Single(await rig.Janus.ListForwarders(bridge.Number, default)).Port);
    }

    [Fact]
    public async Task What_moved_away_while_Janus_was_frozen_is_gone_once_it_thaws()
    {
        var room = await rig.Forwarding(15_208);
        await rig.Server.Freeze();
        await Move(room, to: Other);
        await Take(room);
        rig.Server.Thaw();

        await Eventually.True(async () => (await rig.BridgesOf(room)).Count == 0, WorkerRig.Patience, "the bridge is gone");
    }

    [Fact]
    public async Task A_removed_room_is_not_waited_for()
    {
        var room = await rig.Forwarding(15_210);
        await Move(room, to: Other);
        await rig.Remove(room);

        await Eventually.True(async () => (await rig.BridgesOf(room)).Count == 0, TimeSpan.FromSeconds(2.5), "the bridge is gone at once");
    }

    [Fact]
    public async Task A_new_mixer_gets_the_sound_from_the_same_bridge_and_the_old_one_keeps_it_until_then()
    {
        var room = await rig.Forwarding(15_212);
        var (held, nonce) = (await rig.HeldOf(room), rooms.Views(room).Live!.Nonce);
        var mixer = new ModuleId("mixer-2");
        await rooms.Do(new RoomCommand.ReassignModules(room, WorkerRig.JanusId, mixer, "test", RoomsInMemory.Now));
        await rig.Forwarding(15_214); // shows that the worker has seen it
        Assert.Equal(held, await rig.HeldOf(room));

        await rooms.Do(new RoomCommand.ReportMixerPort(room, mixer, nonce, "127.0.0.1", 15_216, 3001, RoomsInMemory.Now));
        await rig.UntilForwarding(room);
        Assert.Equal(15_216, Assert.Single(await rig.Janus.ListForwarders(rooms.Views(room).Janus!.JanusRoomId, default)).Port);
    }

    private async Task<IReadOnlyList<Forwarder>?> ForwardersOf(Bridge bridge)
    {
        try
        {
            return await rig.Janus.ListForwarders(bridge.Number, default);
        }
        catch (JanusException gone) when (gone.Code == JanusCodes.NoSuchRoom)
        {
            return null;
        }
    }

    private Task Move(RoomId room, ModuleId to) =>
        rooms.Do(new RoomCommand.ReassignModules(room, to, WorkerRig.MixerId, "test", RoomsInMemory.Now));

    /// <summary>The other Janus reports its room.</summary>
    private async Task<long> Take(RoomId room)
    {
        var began = TimeProvider.System.GetTimestamp();
        await rooms.Do(new RoomCommand.ReportJanusRoom(room, Other, rooms.Views(room).Live!.Nonce, 4712, RoomsInMemory.Now));
        return began;
    }
}
