using EventRtc.EventStore;
using EventRtc.Streams;

namespace EventRtc.Projector;

/// <summary>An event as an entry of a stream: its id is <c>{position}-0</c>, its fields are the event's.</summary>
public static class EventEntry
{
    public static IReadOnlyList<RedisValue> Write(RecordedEvent e)
    {
        List<RedisValue> fields =
        [
            "stream", e.Stream.Value, "version", e.Version, "type", e.Type, "id", e.Id.ToString(), "data", e.Json, "at", e.At.ToString("O"),
            "actor", e.Headers.Actor, "commandId", e.Headers.CommandId.ToString(), "correlationId", e.Headers.CorrelationId,
        ];
        if (e.Headers.Traceparent is { } trace)
            fields.AddRange(["traceparent", trace]);
        if (e.Proof is { } proof)
            fields.AddRange(["hash", proof.Hash]);
        return fields;
    }

    /// <exception cref="FormatException">Not an entry of ours.</exception>
    /// <exception cref="ArgumentException">Likewise.</exception>
    public static RecordedEvent Read(StreamEntry entry)
    {
        return new RecordedEvent(
            new Position(long.Parse(entry.Id.AsSpan(0, entry.Id.IndexOf('-')))), StreamId.Stored(Text("stream")), (long)entry["version"], Guid.Parse(Text("id")),
            Text("type"), Text("data"), DateTimeOffset.Parse(Text("at")),
            new EventHeaders(Text("actor"), Guid.Parse(Text("commandId")), Text("correlationId"), entry["traceparent"]));

        string Text(string field) => entry[field].ToString();
    }
}
