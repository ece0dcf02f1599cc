using System.Diagnostics.Metrics;

namespace EventRtc.Reconciling;

internal static class Metrics
{
    private static readonly Meter Meter = new("EventRtc.Reconciling");
    private static readonly Histogram<double> Runs =
        Meter.CreateHistogram<double>("eventrtc.reconcile.duration", unit: "s", description: "Time of one reconciler run, by loop and whether it failed");

    public static void Ran(string loop, TimeSpan took, bool failed) =>
        Runs.Record(took.TotalSeconds, new("loop", loop), new("failed", failed));
}
