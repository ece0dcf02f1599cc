namespace EventRtc.Benchmarks.Faults;

/// <summary>What is measured when nothing fails, and when it is known what does: the proof that the other figures can be trusted.</summary>
internal static class Quiet
{
    public const string Anchors = "quiet_anchors", Listeners = "quiet_listeners";

    /// <summary>Longer than the time code's period: all of it is read once.</summary>
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(12);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Nobody is to hear that anything happened.</summary>
    public static Bar Beside { get; } = Bar.UnderFloorPlus(100, "ms");

    /// <summary>Nothing happens: the longest time that an anchor or a listener misses, which is the noise of the machine.</summary>
    public static Fault Nothing { get; } = new("quiet", [new(Anchors, "ms"), new(Listeners, "ms")], async (stage, ct) =>
    {
        await using var observed = await Observation.Begin(stage);
        await Task.Delay(Time, ct);
        await observed.End();
        return [observed.AnchorsSilence, await observed.ListenersSilence()];
    });

    /// <summary>An anchor falls silent for half a second.</summary>
    public static Fault Silence { get; } = new(
        "silence_500ms",
        [new("silence_500ms_anchors", "ms", Bar.Within(450, 600, "ms")), new("silence_500ms_listeners", "ms", Bar.Within(450, 600, "ms"))],
        async (stage, _) =>
        {
            await using var observed = await Observation.Begin(stage);
            await stage.Ada.FallSilent(Pause);
            await observed.End();
            return [observed.Grace.LongestSilence.TotalMilliseconds, (await observed.Missed()).AtOnce.TotalMilliseconds];
        });
}
