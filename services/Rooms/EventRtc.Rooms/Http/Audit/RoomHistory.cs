using System.Text.Json.Nodes;
using EventRtc.Contracts;
using EventRtc.Domain;
using EventRtc.EventStore;

namespace EventRtc.Rooms.Http;

/// <summary>GET /api/rooms/{id}/history: every event of the id in order, also of rooms that were removed; secrets are masked.</summary>
public static class RoomHistory
{
    private const string Mask = "***";
    private static readonly string[] Secrets = ["pin", "nonce"];

    public sealed record Entry(
        long Position, long Version, string Type, DateTimeOffset At, string Actor, Guid CommandId, string CorrelationId, JsonNode? Data);

    public sealed record Answer(int Count, IReadOnlyList<Entry> Events)
    {
        public bool Success { get; } = true;
    }

    public static async Task<IResult> Handle(string id, RoomCommands rooms, CancellationToken ct)
    {
        var events = RoomId.TryParse(id, out var room) ? await rooms.History(room, ct) : [];
        return events.Count == 0
            ? Refusals.ToHttp(RoomRejections.NotFound)
            : Results.Ok(new Answer(events.Count, [.. events.Select(EntryOf)]));
    }

    private static Entry EntryOf(RecordedEvent e) =>
        new(e.Position.Value, e.Version, e.Type, e.At, e.Headers.Actor, e.Headers.CommandId, e.Headers.CorrelationId, Masked(e.Json));

    private static JsonNode? Masked(string json)
    {
        var body = JsonNode.Parse(json);
        foreach (var secret in Secrets.Where(name => body?[name] is not null))
            body![secret] = Mask;
        return body;
    }
}
