using EventRtc.Local;
using EventRtc.Visitors;

namespace EventRtc.Benchmarks.Faults;

/// <summary>kill -9 of the mixer worker that has the room, and of its ffmpeg alone.</summary>
internal static class MixerFaults
{
    /// <summary>Nothing of a killed mixer can be had any more, once what was on its way has come.</summary>
    private static readonly TimeSpan OnItsWay = TimeSpan.FromMilliseconds(300);

    /// <summary>It stays dead, and the other mixer takes over: from the end of its lease to the first new sound that a listener gets.</summary>
    public static Fault KilledMoved { get; } = new(
        "mixer_killed_moved",
        [new("mixer_killed_moved", "s", Bar.Under(3, "s")), new("mixer_killed_moved_since_kill", "s")],
        async (stage, ct) =>
        {
            await using var observed = await Observation.Begin(stage);
            var mixer = await stage.Mixer();
            var killed = await FaultStage.Kill(mixer);
            try
            {
                await Eventually.True(async () => await stage.Etcd.Get(FaultStage.HeartbeatOf(mixer), ct) is null, FaultStage.Patience, "its lease has ended");
                var ended = TimeProvider.System.GetUtcNow();
                await observed.Listening.Gets(2, FaultStage.Patience);
                await observed.End();
                var heard = await FirstSound(observed.Listening.Segments.Where(segment => segment.At > killed + OnItsWay));
                return [(heard - ended).TotalSeconds, (heard - killed).TotalSeconds];
            }
            finally
            {
                await mixer.Start(ct);
            }
        });

    /// <summary>It is started again at once: how much of what was spoken a listener never gets.</summary>
    public static Fault KilledRestarted { get; } = new(
        "mixer_killed_restarted",
        [new("mixer_killed_restarted_lost", "s", Bar.AtMost(2, "s")), new("mixer_killed_restarted_stall", "s"), new("mixer_restart", "s", Bar.Under(2, "s"))],
        async (stage, ct) =>
        {
            await using var observed = await Observation.Begin(stage);
            var mixer = await stage.Mixer();
            var killed = await FaultStage.Kill(mixer);
            await mixer.Start(ct);
            var restart = TimeProvider.System.GetUtcNow() - killed;
            await observed.End();
            return [(await observed.Missed()).Total.TotalSeconds, Player.LongestStall(observed.Listening.Segments).TotalSeconds, restart.TotalSeconds];
        });

    /// <summary>How long a player two segments behind live stands still, the same of one that is as near as can be, and what they never get.</summary>
    public static Fault FfmpegKilled { get; } = new(
        "ffmpeg_killed",
        [new("ffmpeg_killed_stall", "ms", Bar.AtMost(0, "ms")), new("ffmpeg_killed_stall_nearest", "ms"), new("ffmpeg_killed_lost", "ms")],
        async (stage, _) =>
        {
            await using var observed = await Observation.Begin(stage);
            var ffmpeg = Remains.FfmpegIds(stage.At).Single();
            Hosting.Processes.ProcessTable.Send(ffmpeg, Hosting.Processes.Signal.Kill);
            await observed.End();
            var got = observed.Listening.Segments;
            return [Player.LongestStall(got).TotalMilliseconds, Player.LongestStall(got, behind: 1).TotalMilliseconds, (await observed.Missed()).Total.TotalMilliseconds];
        });

    private static async Task<DateTimeOffset> FirstSound(IEnumerable<Segment> segments)
    {
        foreach (var segment in segments)
        {
            var samples = await Listener.Decode([segment.Sound]);
            if (Tone.AmplitudeAt(samples, 1000) / Math.Max(Tone.AmplitudeAt(samples, 700), 1e-9) >= Listener.Distinct)
                return segment.At;
        }
        throw new TimeoutException("No new segment has the tone");
    }
}
