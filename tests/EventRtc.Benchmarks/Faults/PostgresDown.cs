using EventRtc.Local;

namespace EventRtc.Benchmarks.Faults;

/// <summary>kill -9 of PostgreSQL, started again after 30 s: commands are sent all the time, from shortly before to shortly after, and repeated with their keys.</summary>
internal static class PostgresDown
{
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(30), Around = TimeSpan.FromSeconds(2);

    public static Fault Fault { get; } = new(
        "postgres_down",
        [
            new("postgres_down_lost_or_doubled", "commands", Bar.AtMost(0, "commands"), WorstCounts: true),
            new("postgres_down_answered_otherwise", "commands", Bar.AtMost(0, "commands"), WorstCounts: true),
            new("postgres_down_answered_503", "commands"), new("postgres_down_back", "s"),
            new("postgres_down_anchors", "ms", Quiet.Beside, Quiet.Anchors), new("postgres_down_listeners", "ms", Quiet.Beside, Quiet.Listeners),
        ],
        Once);

    private static async Task<double[]> Once(FaultStage stage, CancellationToken ct)
    {
        await using var observed = await Observation.Begin(stage);
        using var commands = new Commands(stage.At.Web);
        await commands.SendFor(Around, ct);
        DateTimeOffset started;
        await FaultStage.Kill(stage.At.Postgres);
        try
        {
            await commands.SendFor(Outage, ct);
        }
        finally
        {
            started = TimeProvider.System.GetUtcNow();
            await stage.At.Postgres.Start(ct);
        }
        await commands.SendFor(Around, ct);
        await commands.Repeat(ct);
        var back = commands.FirstDoneAfter(started) - started;
        await observed.End();
        var wrong = await commands.LostOrDoubled(stage.Rooms);
        await commands.CleanUp(stage.Rooms);
        return [wrong, commands.AnsweredOtherwise, commands.Answered503, back.TotalSeconds, observed.AnchorsSilence, await observed.ListenersSilence()];
    }
}
