using System.Diagnostics.Metrics;

namespace EventRtc.Projector;

/// <summary>How far the views are behind, as measured by any replica.</summary>
internal static class LagMetrics
{
    private static readonly Meter Meter = new("EventRtc.Projector");
    private static readonly Gauge<long> Events = Meter.CreateGauge<long>("eventrtc.projector.lag.events", description: "Positions from the oldest event that its room does not show to the store's last one");
    private static readonly Gauge<double> Age = Meter.CreateGauge<double>("eventrtc.projector.lag.age", unit: "s", description: "Age of the oldest event that its room does not show");

    public static void Measured(Lag lag)
    {
        Events.Record(lag.Events);
        Age.Record(lag.Age.TotalSeconds);
    }
}
