using EventRtc.Contracts.Tokens;
using EventRtc.Domain;
using EventRtc.EventStore;
using EventRtc.Hosting;

namespace EventRtc.Rooms.Http.Audit;

/// <summary>
/// GET /api/rooms/{id}/history?from=&amp;to=&amp;version=: every event of the id in order, also of rooms that were removed; recorded between two times, and not
/// after a version.
/// </summary>
internal static class RoomHistory
{
    public sealed record Answer(int Count, IReadOnlyList<HistoryEntry> Events)
    {
        public bool Success { get; } = true;
    }

    public static async Task<IResult> Handle(string id, HttpContext http, RoomCommands rooms, StaffTokens staff, CancellationToken ct)
    {
        var query = new AuditQuery(http.Request.Query);
        var (from, to, version) = (query.Time("from"), query.Time("to"), query.Version("version"));
        if (query.Faults is { Count: > 0 } faults)
            return ApiErrors.Invalid(faults);
        var events = RoomId.TryParse(id, out var room) ? await rooms.History(room, ct) : [];
        if (events.Count == 0)
            return AuditAnswers.NotFound;

        var masked = staff.IsMasked(http.Request);
        var shown = events.Where(e => !(e.At < from) && !(e.At > to) && !(e.Version > version)).Select(e => HistoryEntry.Of(e, masked)).ToList();
        return Results.Ok(new Answer(shown.Count, shown));
    }
}
