using EventRtc.EventStore;
using EventRtc.Projector;

namespace EventRtc.Ops.Doctor.Checks;

/// <summary>The views show what the log says, as measured from here: it takes no projector to see that there is none.</summary>
internal static class LagCheck
{
    /// <summary>The projector needs milliseconds.</summary>
    private static readonly TimeSpan Noticeable = TimeSpan.FromSeconds(5);

    private const string Next =
        "Is a projector running? Do Redis and etcd take its writes? Its log says what it waits for. Nobody sees new rooms until it has caught up; it does so by itself.";

    public static async Task Look(Report report, LagMeter meter, ProjectorOptions options, CancellationToken ct)
    {
        var lag = await meter.Measure(ct);
        if (lag.Age > options.MaxLag)
            report.Fail("views", $"behind the log by {lag}", Next);
        else if (lag.Age > Noticeable)
            report.Warn("views", $"behind the log by {lag}", Next);
        else
            report.Ok("views", $"behind the log by {lag}");
    }

    public static async Task LookForParked(Report report, PostgresEventStore store, CancellationToken ct)
    {
        var waiting = (await store.Parked.List(ct: ct)).Where(parked => parked.SkippedAt is null).ToList();
        report.Demand(
            waiting.Count == 0, "events", waiting.Count == 0 ? "none waits" : $"{waiting.Count} cannot be read and hold up {string.Join(", ", waiting.Select(parked => parked.Stream.Value).Distinct().Take(5))}",
            "'eventrtc parked list' says why; after an update of the programs 'eventrtc parked retry --all', else 'eventrtc parked skip POSITION'.");
    }
}
