using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace EventRtc.Reconciling;

internal static class Metrics
{
    private static readonly Meter Meter = new("EventRtc.Reconciling");
    private static readonly Histogram<double> Runs =
        Meter.CreateHistogram("eventrtc.reconcile.duration", unit: "s", description: "Time of one reconciler run, by loop and whether it failed",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0001, 0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] });
    private static readonly Histogram<double> Waits =
        Meter.CreateHistogram("eventrtc.reconcile.wait", unit: "s", description: "From when a key was due to when its run began, by loop",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0001, 0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] });
    private static readonly UpDownCounter<int> Keys = Meter.CreateUpDownCounter<int>("eventrtc.reconcile.keys", description: "Keys that wait for a run or are in one, by loop; those that are looked at again and again among them");
    private static readonly ConcurrentDictionary<Func<TimeSpan>, string> Running = new();
    private static readonly ObservableGauge<double> Late = Meter.CreateObservableGauge("eventrtc.reconcile.late", Lateness, "s", "Since when the key could have begun its run that waits the longest for one, by loop; 0 when none is due");
    private static readonly Counter<long> Retries = Meter.CreateCounter<long>("eventrtc.reconcile.retries", description: "Runs that failed and are tried again, by loop");

    /// <summary>Shows the loop from the beginning, so that its first failure is seen as a change.</summary>
    /// <param name="late">How long the most overdue key has waited, whenever somebody asks.</param>
    public static void Begin(string loop, Func<TimeSpan> late)
    {
        TriedAgain(loop, 0);
        Queued(loop, 0);
        Running[late] = loop;
    }

    /// <summary>Nobody is late any more.</summary>
    public static void End(Func<TimeSpan> late) => Running.TryRemove(late, out _);

    public static void Waited(string loop, TimeSpan time) => Waits.Record(time.TotalSeconds, new KeyValuePair<string, object?>("loop", loop));

    public static void Queued(string loop, int change) => Keys.Add(change, new KeyValuePair<string, object?>("loop", loop));

    public static void TriedAgain(string loop, int times = 1) => Retries.Add(times, new KeyValuePair<string, object?>("loop", loop));

    public static void Ran(string loop, TimeSpan took, bool failed) =>
        Runs.Record(took.TotalSeconds, new("loop", loop), new("failed", failed));

    private static IEnumerable<Measurement<double>> Lateness() => Running.Select(one => new Measurement<double>(one.Key().TotalSeconds, new KeyValuePair<string, object?>("loop", one.Value)));
}
