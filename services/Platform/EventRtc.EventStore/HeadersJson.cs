using System.Text.Json;

namespace EventRtc.EventStore;

/// <summary>The headers column: one flat object, as Marten reads it into a dictionary.</summary>
internal static class HeadersJson
{
    public static void Write(Utf8JsonWriter json, EventHeaders headers)
    {
        json.WriteStartObject();
        json.WriteString("actor", headers.Actor);
        json.WriteString("commandId", headers.CommandId);
        json.WriteString("correlationId", headers.CorrelationId);
        if (headers.Traceparent is { } trace)
            json.WriteString("traceparent", trace);
        json.WriteEndObject();
    }

    /// <summary>Reads leniently: an event that another program wrote into these tables may lack our headers.</summary>
    public static EventHeaders Read(string? stored)
    {
        if (stored is null)
            return new EventHeaders("", Guid.Empty, "");
        using var json = JsonDocument.Parse(stored);
        return new EventHeaders(
            Text("actor") ?? "", Guid.TryParse(Text("commandId"), out var id) ? id : Guid.Empty, Text("correlationId") ?? "", Text("traceparent"));

        string? Text(string name) =>
            json.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }
}
