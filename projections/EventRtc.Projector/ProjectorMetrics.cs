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

    public static void Relayed(int events, Position reached)
    {
        RelayedEvents.Add(events);
        RelayPosition.Record(reached.Value);
    }

    public static void Projected(int events) => ProjectedEvents.Add(events);

    public static void RoomReread() => Reread.Add(1);

    public static void RoomHealed() => Healed.Add(1);

    public static void RoomFailed() => Failures.Add(1);
}
