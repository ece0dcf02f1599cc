using System.Text.Json;
using System.Text.Json.Nodes;
using EventRtc.Domain;

namespace EventRtc.EventStore;

/// <summary>An event as people and programs read it in a room's history.</summary>
/// <param name="Position">Its place among all events.</param>
/// <param name="Version">Its place in its stream.</param>
public sealed record HistoryEntry(
    long Position, long Version, string Type, DateTimeOffset At, string Actor, Guid CommandId, string CorrelationId, JsonNode? Data)
{
    /// <param name="masked">Without its secrets.</param>
    public static HistoryEntry Of(RecordedEvent e, bool masked)
    {
        var body = JsonNode.Parse(e.Json);
        return new(e.Position.Value, e.Version, e.Type, e.At, e.Headers.Actor, e.Headers.CommandId, e.Headers.CorrelationId, masked ? SecretFields.Hide(body) : body);
    }

    public string ToJson() => JsonSerializer.Serialize(this, DomainJson.Options);
}
