using System.Buffers;
using System.Text.Json;

namespace EventRtc.EventStore;

/// <summary>The headers column: one flat object, as Marten reads it into a dictionary.</summary>
internal static class HeadersJson
{
    [ThreadStatic]
    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Json)? writer;

    public static byte[] Write(EventHeaders headers, EventProof? proof)
    {
        writer ??= (new ArrayBufferWriter<byte>(512), new Utf8JsonWriter(Stream.Null));
        var (buffer, json) = writer.Value;
        buffer.ResetWrittenCount();
        json.Reset(buffer);
        json.WriteStartObject();
        json.WriteString("actor"u8, headers.Actor);
        json.WriteString("commandId"u8, headers.CommandId);
        json.WriteString("correlationId"u8, headers.CorrelationId);
        if (headers.Traceparent is { } trace)
            json.WriteString("traceparent"u8, trace);
        if (proof is not null)
        {
            json.WriteString("hash"u8, proof.Hash);
            if (proof.PreviousHash is { } previous)
                json.WriteString("previousHash"u8, previous);
            if (proof.Salt is { } salt)
                json.WriteString("salt"u8, salt);
        }
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads leniently: an event that another program wrote into these tables may lack our headers.</summary>
    public static (EventHeaders Headers, EventProof? Proof) Read(ReadOnlyMemory<byte> stored)
    {
        if (stored.IsEmpty)
            return (new EventHeaders("", Guid.Empty, ""), null);
        using var json = JsonDocument.Parse(stored);
        if (json.RootElement.ValueKind is not JsonValueKind.Object)
            return (new EventHeaders("", Guid.Empty, ""), null);
        return (
            new EventHeaders(Text("actor") ?? "", Guid.TryParse(Text("commandId"), out var id) ? id : Guid.Empty, Text("correlationId") ?? "", Text("traceparent")),
            Text("hash") is { } hash ? new EventProof(hash, Text("previousHash"), Text("salt")) : null);

        string? Text(string name) =>
            json.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }
}
