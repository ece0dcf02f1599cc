using EventRtc.Domain;
using EventRtc.Hosting.Processes;
using EventRtc.Local;
using Xunit;

namespace EventRtc.Services.Tests.Mixer;

/// <summary>ffmpegs that are killed, that crash, freeze, or get no sound.</summary>
public sealed class FfmpegFaultTests(MixerFaultRig rig, ITestOutputHelper output) : IClassFixture<MixerFaultRig>
{
    private readonly RoomsInMemory rooms = rig.Rooms;

    /// <summary>A machine that is busy with other tests may have the listener wait a little; how long at most is the benchmark's matter.</summary>
    [Fact]
    public async Task A_killed_ffmpeg_is_replaced_before_a_listener_two_segments_behind_has_heard_all()
    {
        var room = WorkerRig.NewRoom();
        await rig.StartLive(room);
        await using var tone = await Tone.SendTo((await rig.PortOf(room)).Port);
        await using var player = await SimulatedPlayer.Begin(rig.Listener, room);
        await player.Had(segments: 11);

        await player.JustBeforeTheNext();
        var killed = await rig.FfmpegOf(room);
        ProcessTable.Send(killed, Signal.Kill);
        await player.Had(segments: 5);

        output.WriteLine($"Least ahead of the listener: {player.LeastAhead.TotalSeconds:0.00} s");
        Assert.NotEqual(killed, await rig.FfmpegOf(room));
        Assert.True(player.LeastAhead > TimeSpan.FromSeconds(-1), $"the listener waited for {-player.LeastAhead.TotalSeconds:0.00} s");
    }

    [Fact]
    public async Task An_ffmpeg_that_keeps_crashing_has_another_mixer_asked_for_and_is_tried_again_here_all_the_same()
    {
        var room = WorkerRig.NewRoom();
        await rig.StartLive(room);
        await rig.PortOf(room);

        var killed = 0;
        await Eventually.True(() =>
        {
            foreach (var ffmpeg in rig.FfmpegsOf(room).Where(id => id != killed))
                ProcessTable.Send(killed = ffmpeg, Signal.Kill);
            return rooms.Moves.Any(move => move.Room == room);
        }, WorkerRig.Patience, "another mixer is asked for");

        var asked = rooms.Moves.First(move => move.Room == room);
        Assert.Equal((ModuleKind.Mixer, WorkerRig.MixerId, rooms.Views(room).Live!.Nonce, "mixer_failed"), (asked.Kind, asked.Module, asked.Nonce, asked.Reason));
        Assert.NotEqual(killed, await rig.FfmpegOf(room));
    }

    [Fact]
    public async Task A_frozen_ffmpeg_is_replaced_and_the_sound_goes_on()
    {
        var room = WorkerRig.NewRoom();
        await rig.StartLive(room);
        await using var tone = await Tone.SendTo((await rig.PortOf(room)).Port);
        await rig.Forward(room, janusRoom: 1);
        var before = await rig.Listener.PlaylistUpTo(room, segment: 1);
        var frozen = await rig.FfmpegOf(room);

        ProcessTable.Send(frozen, Signal.Stop);

        await Eventually.True(() => rig.FfmpegsOf(room) is [var now] && now != frozen, WorkerRig.Patience, "another ffmpeg runs");
        await rig.Listener.PlaylistOnce(room, playlist => playlist.Timelines[^1] > before.Timelines[^1], "the sound goes on");
    }

    [Fact]
    public async Task A_Janus_that_sends_nothing_costs_restarts_of_ffmpeg_but_not_the_room()
    {
        var room = WorkerRig.NewRoom();
        await rig.StartLive(room);
        await rig.PortOf(room);
        await rig.Forward(room, janusRoom: 1);

        var seen = new HashSet<int>();
        await Eventually.True(() =>
        {
            seen.UnionWith(rig.FfmpegsOf(room));
            return seen.Count >= 5;
        }, TimeSpan.FromSeconds(60), "ffmpeg was started anew more often than it may fail");
        Assert.DoesNotContain(rooms.Moves, move => move.Room == room);
    }

    [Fact]
    public async Task A_room_with_nobody_sending_has_one_ffmpeg_that_waits()
    {
        var room = WorkerRig.NewRoom();
        await rig.StartLive(room);
        var waiting = await rig.FfmpegOf(room);
        await Eventually.True(() => ProcessTable.StartedAt(waiting) is null || RoomsInMemory.Now > rooms.Views(room).Live!.CreatedAt + TimeSpan.FromSeconds(6), WorkerRig.Patience, "three times the limit has passed");
        Assert.Equal(waiting, await rig.FfmpegOf(room));
    }

    [Fact]
    public async Task The_port_is_given_back_only_when_an_ffmpeg_that_does_not_hear_has_really_ended()
    {
        var room = WorkerRig.NewRoom();
        await rig.StartLive(room);
        await rig.PortOf(room);
        var deaf = await rig.FfmpegOf(room);
        ProcessTable.Send(deaf, Signal.Stop);

        await rig.Remove(room);

        await Eventually.True(() => rooms.Steps(room).Contains(nameof(RoomEvent.MixerReleased)), WorkerRig.Patience, "its end is reported");
        Assert.Null(ProcessTable.StartedAt(deaf));
    }
}
