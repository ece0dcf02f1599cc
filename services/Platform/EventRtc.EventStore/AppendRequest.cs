using System.Buffers;
using System.Text.Json;

namespace EventRtc.EventStore;

/// <summary>One caller's append on its way through the <see cref="AppendQueue"/>.</summary>
internal sealed class AppendRequest(StreamId stream, long expectedVersion, IReadOnlyList<NewEvent> events, EventHeaders headers)
{
    private readonly TaskCompletionSource<AppendResult> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<AppendResult> Answer => answer.Task;

    public void Complete(AppendResult result) => answer.TrySetResult(result);

    public void Fail(Exception fault) => answer.TrySetException(fault);

    /// <summary>The argument of <c>rtc_append</c>, see Sql/002_append.sql.</summary>
    public static byte[] ToJson(IReadOnlyList<AppendRequest> group)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            foreach (var request in group)
                request.Write(json);
            json.WriteEndArray();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("stream", stream.Value);
        json.WriteString("category", stream.Category);
        json.WriteNumber("expected", expectedVersion);
        json.WriteString("correlation", headers.CorrelationId);
        json.WriteString("causation", headers.CommandId);
        json.WritePropertyName("headers");
        HeadersJson.Write(json, headers);
        json.WriteStartArray("events");
        foreach (var e in events)
        {
            json.WriteStartObject();
            json.WriteString("id", e.Id);
            json.WriteString("type", e.Type);
            json.WriteString("dotnet", e.DotNetType);
            json.WriteString("at", e.At);
            json.WritePropertyName("data");
            json.WriteRawValue(e.Json);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
