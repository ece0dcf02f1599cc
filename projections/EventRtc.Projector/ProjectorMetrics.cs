using System.Diagnostics.Metrics;
using EventRtc.EventStore;

namespace EventRtc.Projector;

internal static class ProjectorMetrics
{
    private static readonly Meter Meter = new("EventRtc.Projector");
    private static readonly Counter<long> RelayedEvents = Meter.CreateCounter<long>("eventrtc.relay.events", description: "Events read from the store and handed on to Redis");
    private static readonly Gauge<long> RelayPosition = Meter.CreateGauge<long>("eventrtc.relay.position", description: "Up to which position Redis holds the store's events");
    private static readonly Counter<long> ProjectedEvents = Meter.CreateCounter<long>("eventrtc.projector.events", description: "Events taken from Redis whose rooms are up to date in etcd");
    private static readonly Counter<long> Reread = Meter.CreateCounter<long>("eventrtc.projector.rereads", description: "Rooms folded from the store, because the event at hand did not follow what etcd showed");
    private static readonly Counter<long> Healed = Meter.CreateCounter<long>("eventrtc.projector.healed", description: "Rooms whose views had vanished from etcd and were brought back");
    private static readonly Counter<long> Failures = Meter.CreateCounter<long>("eventrtc.projector.failures", description: "Rooms that could not be written; they are tried again");

    private static readonly Histogram<double> RelayTime = Meter.CreateHistogram("eventrtc.relay.duration", "s", "Time of handing one batch of events on to Redis", advice: Fine);
    private static readonly Histogram<double> ProjectTime = Meter.CreateHistogram("eventrtc.projector.duration", "s", "Time of bringing one room's or module's views to the events at hand", advice: Fine);
    private static readonly Histogram<double> Delay = Meter.CreateHistogram("eventrtc.projector.delay", "s", "From when an event was recorded to when etcd shows it, the oldest of those at hand", advice: Fine);

    private static InstrumentAdvice<double> Fine => new() { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] };

    /// <summary>Shows those that are rare from the beginning, so that their first time is seen as a change.</summary>
    public static void Begin()
    {
        foreach (var rare in (Counter<long>[])[RelayedEvents, ProjectedEvents, Reread, Healed, Failures])
            rare.Add(0);
    }

    /// <param name="took">One batch; nothing is recorded for none.</param>
    public static void Relayed(int events, Position reached, TimeSpan took)
    {
        RelayedEvents.Add(events);
        if (events > 0)
            RelayTime.Record(took.TotalSeconds);
        RelayPosition.Record(reached.Value);
    }

    public static void Projected(int events) => ProjectedEvents.Add(events);

    /// <param name="took">The writing alone.</param>
    /// <param name="delay">Since the event was recorded.</param>
    public static void Shown(TimeSpan took, TimeSpan delay)
    {
        ProjectTime.Record(took.TotalSeconds);
        Delay.Record(Math.Max(0, delay.TotalSeconds));
    }

    public static void RoomReread() => Reread.Add(1);

    public static void RoomHealed() => Healed.Add(1);

    public static void RoomFailed() => Failures.Add(1);
}
