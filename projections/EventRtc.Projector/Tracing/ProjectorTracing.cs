using System.Diagnostics;
using EventRtc.EventStore;

namespace EventRtc.Projector;

/// <summary>
/// Spans of what happens to an event on its way from the store to etcd. Each hangs below the append that the event itself names, so that a trace goes on across processes
/// without anybody carrying it. Nothing is done here while nobody records.
/// </summary>
internal static class ProjectorTracing
{
    private static readonly ActivitySource Source = new("EventRtc.Projector");

    public static bool IsOn => Source.HasListeners();

    /// <summary>The events were handed on to Redis.</summary>
    /// <param name="began">When that began.</param>
    public static void Relayed(IReadOnlyList<RecordedEvent> events, DateTimeOffset began)
    {
        if (!IsOn)
            return;
        foreach (var append in events.Where(e => e.Headers.Traceparent is not null).GroupBy(e => e.Headers.Traceparent))
            if (Recorded(append.Key) is { } origin)
                Source.StartActivity("relay", ActivityKind.Producer, origin, startTime: began)?.SetTag("eventrtc.position", append.Last().Position.Value).SetTag("eventrtc.events", append.Count()).Dispose();
    }

    /// <summary>One stream's events are brought into its views: below the append of the last of them, with links to those of the others.</summary>
    public static Activity? Project(string stream, IEnumerable<RecordedEvent> events)
    {
        if (!IsOn)
            return null;
        var origins = events.Select(e => e.Headers.Traceparent).Distinct().Select(Recorded).OfType<ActivityContext>().ToList();
        return origins.Count == 0
            ? null
            : Source.StartActivity("project", ActivityKind.Consumer, origins[^1], links: origins.SkipLast(1).Select(origin => new ActivityLink(origin)))?.SetTag("eventrtc.stream", stream);
    }

    private static ActivityContext? Recorded(string? traceparent) =>
        ActivityContext.TryParse(traceparent, traceState: null, isRemote: true, out var origin) && origin.TraceFlags.HasFlag(ActivityTraceFlags.Recorded) ? origin : null;
}
