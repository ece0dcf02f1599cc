using System.Collections;
using System.Diagnostics;
using EventRtc.EventStore;
using EventRtc.Projections;

namespace EventRtc.Projector;

/// <summary>What log lines carry while a stream's views are brought to an event. There is one for each event and most are never asked: only a line that is written reads them.</summary>
/// <remarks>The trace is the event's own, which no activity has while nobody records.</remarks>
internal sealed class EventIds(string stream, RecordedEvent happened) : IEnumerable<KeyValuePair<string, object?>>
{
    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        if (StreamNames.RoomOf(stream) is { } room)
            yield return new("Room", room);
        yield return new("Position", happened.Position);
        yield return new("Command", happened.Headers.CommandId);
        yield return new("Correlation", happened.Headers.CorrelationId);
        if (ActivityContext.TryParse(happened.Headers.Traceparent, traceState: null, out var trace))
            yield return new("Trace", trace.TraceId.ToHexString());
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
