using System.Text.Json.Nodes;
using EventRtc.Contracts.Tokens;
using EventRtc.Domain;
using EventRtc.EventStore;
using EventRtc.Hosting;

namespace EventRtc.Rooms.Http.Audit;

/// <summary>GET /api/rooms/{id}/diff?from=N&amp;to=M: what changed between two versions, and by which events; version 0 is before the first one.</summary>
internal static class RoomDiff
{
    public sealed record Answer(string RoomId, long From, long To, IReadOnlyList<JsonChange> Changes, IReadOnlyList<HistoryEntry> Events)
    {
        public bool Success { get; } = true;
    }

    public static async Task<IResult> Handle(string id, HttpContext http, RoomCommands rooms, StaffTokens staff, CancellationToken ct)
    {
        var query = new AuditQuery(http.Request.Query);
        var (from, to) = (query.Version("from", least: 0), query.Version("to", least: 0));
        if (query.Faults.Count == 0 && (from is null || to is null || from > to))
            query.Refuse("from, to: both are needed, and from must not be greater");
        if (query.Faults is { Count: > 0 } faults)
            return ApiErrors.Invalid(faults);
        var events = RoomId.TryParse(id, out var room) ? await rooms.History(room, ct) : [];
        if (events.Count == 0)
            return AuditAnswers.NotFound;
        if (to > events.Count)
            return AuditAnswers.NotYet("version_not_found", $"The last version of this room is {events.Count}.");

        try
        {
            var (before, after) = (StateAt(from!.Value), StateAt(to!.Value));
            var masked = staff.IsMasked(http.Request);
            var changes = JsonChange.Between(before, after).Select(change => masked ? change.Masked() : change);
            var between = events.Where(e => e.Version > from && e.Version <= to).Select(e => HistoryEntry.Of(e, masked));
            return Results.Ok(new Answer(id, from.Value, to.Value, [.. changes], [.. between]));
        }
        catch (UndecodableEventException fault)
        {
            return AuditAnswers.Degraded(fault);
        }

        JsonObject StateAt(long version) =>
            RoomSnapshot.Of(RoomCommands.Fold(events.TakeWhile(e => e.Version <= version))).ToJson();
    }
}
