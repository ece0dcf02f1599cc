using System.Text.Json;
using EventRtc.EventStore;
using EventRtc.Streams;

namespace EventRtc.Projector;

/// <summary>
/// An event as an entry of a stream: its id is <c>{position}-0</c>, its fields are the event's. What every event has comes first, in the order of <see cref="Common"/>;
/// a trace and a hash follow as name and value where there are any.
/// </summary>
public static class EventEntry
{
    /// <summary>The names of the fields that each entry has.</summary>
    public static readonly IReadOnlyList<string> Common = ["stream", "version", "type", "id", "data", "at", "actor", "commandId", "correlationId"];

    private static readonly string NoCommand = Guid.Empty.ToString();

    /// <summary>Adds the values of <see cref="Common"/>, and what else there is as names and values.</summary>
    public static void Write(List<RedisValue> values, RecordedEvent e)
    {
        values.AddRange([e.Stream.Value, e.Version, e.Type, e.Id.ToString(), e.Json, e.At.ToString("O")]);
        WriteHeaders(values, e.Headers.Actor, e.Headers.CommandId.ToString(), e.Headers.CorrelationId, e.Headers.Traceparent, e.Proof?.Hash ?? RedisValue.Null);
    }

    /// <summary>The same from a row of the log, whose bytes are handed on as they are: good until the row's batch is disposed.</summary>
    public static void Write(List<RedisValue> values, LogRow row)
    {
        values.AddRange([row.Stream, row.Version, row.Type, row.Id.ToString(), row.Body, row.At.ToString("O")]);
        RedisValue actor = "", command = NoCommand, correlation = "", trace = default, hash = default;
        var json = new Utf8JsonReader(row.HeaderSet.Span);
        while (!row.HeaderSet.IsEmpty && json.Read())
        {
            if (json.CurrentDepth != 1 || json.TokenType is not JsonTokenType.PropertyName)
                continue;
            if (json.ValueTextEquals("actor"u8))
                Take(ref json, ref actor, row);
            else if (json.ValueTextEquals("commandId"u8))
                Take(ref json, ref command, row);
            else if (json.ValueTextEquals("correlationId"u8))
                Take(ref json, ref correlation, row);
            else if (json.ValueTextEquals("traceparent"u8))
                Take(ref json, ref trace, row);
            else if (json.ValueTextEquals("hash"u8))
                Take(ref json, ref hash, row);
        }
        WriteHeaders(values, actor, command, correlation, trace, hash);
    }

    /// <summary>The entry that the event is in its stream.</summary>
    public static StreamEntry Of(RecordedEvent e)
    {
        var values = new List<RedisValue>();
        Write(values, e);
        var extras = values.Skip(Common.Count).Chunk(2).Select(pair => new NameValueEntry(pair[0].ToString(), pair[1]));
        return new StreamEntry(IdOf(e.Position), [.. Common.Zip(values, (name, value) => new NameValueEntry(name, value)), .. extras]);
    }

    /// <exception cref="FormatException">Not an entry of ours.</exception>
    /// <exception cref="ArgumentException">Likewise.</exception>
    public static RecordedEvent Read(StreamEntry entry)
    {
        return new RecordedEvent(
            PositionOf(entry.Id), StreamId.Stored(Text("stream")), (long)entry["version"], Guid.Parse(Text("id")),
            Text("type"), Text("data"), DateTimeOffset.Parse(Text("at")),
            new EventHeaders(Text("actor"), Guid.Parse(Text("commandId")), Text("correlationId"), entry["traceparent"]));

        string Text(string field) => entry[field].ToString();
    }

    public static string IdOf(Position position) => $"{position}-0";

    /// <exception cref="FormatException">Not an id of ours.</exception>
    public static Position PositionOf(string entryId) => new(long.Parse(entryId.Split('-')[0]));

    private static void WriteHeaders(List<RedisValue> values, RedisValue actor, RedisValue command, RedisValue correlation, RedisValue trace, RedisValue hash)
    {
        values.AddRange([actor, command, correlation]);
        if (!trace.IsNull)
            values.AddRange(["traceparent", trace]);
        if (!hash.IsNull)
            values.AddRange(["hash", hash]);
    }

    private static void Take(ref Utf8JsonReader json, ref RedisValue value, LogRow row)
    {
        if (!json.Read() || json.TokenType is not JsonTokenType.String)
            return;
        value = json.ValueIsEscaped ? json.GetString() : row.HeaderSet.Slice((int)json.TokenStartIndex + 1, json.ValueSpan.Length);
    }
}
