namespace EventRtc.Benchmarks.Faults;

/// <summary>kill -9 of the Janus that has the room: until both anchors hear each other again, and how long a listener hears nothing.</summary>
internal static class JanusFaults
{
    /// <summary>It is started again at once.</summary>
    public static Fault KilledRestarted { get; } = new(
        "janus_killed_restarted",
        [new("janus_killed_restarted", "s", Bar.Under(3, "s")), new("janus_killed_restarted_listener", "s")],
        (stage, ct) => Kill(stage, restarted: true, ct));

    /// <summary>It stays dead, and the other one is well: within its lease of 10 s and 3 s more.</summary>
    public static Fault KilledMoved { get; } = new(
        "janus_killed_moved",
        [new("janus_killed_moved", "s", Bar.Under(13, "s")), new("janus_killed_moved_listener", "s")],
        (stage, ct) => Kill(stage, restarted: false, ct));

    private static async Task<double[]> Kill(FaultStage stage, bool restarted, CancellationToken ct)
    {
        await using var observed = await Observation.Begin(stage);
        var (janus, before) = (await stage.Janus(), await observed.Tracks());
        var killed = await FaultStage.Kill(janus);
        try
        {
            if (restarted)
                await janus.Start(ct);
            await observed.AnchorsHear(anew: before);
            await observed.End();
            return [(observed.AnchorsAgain(killed) - killed).TotalSeconds, await observed.ListenersSilence() / 1000];
        }
        finally
        {
            if (!janus.IsRunning)
                await janus.Start(ct);
        }
    }
}
