using System.Text.Json.Nodes;
using EventRtc.Contracts.Tokens;
using EventRtc.Domain;
using EventRtc.EventStore;
using EventRtc.Hosting;

namespace EventRtc.Rooms.Http.Audit;

/// <summary>GET /api/rooms/{id}/state?version=|at=: what the events up to then amount to; without either, all of them.</summary>
internal static class RoomStateThen
{
    public sealed record Answer(string RoomId, long Version, DateTimeOffset At, JsonObject State)
    {
        public bool Success { get; } = true;
    }

    public static async Task<IResult> Handle(string id, HttpContext http, RoomCommands rooms, StaffTokens staff, CancellationToken ct)
    {
        var query = new AuditQuery(http.Request.Query);
        var (version, at) = (query.Version("version"), query.Time("at"));
        if (version is not null && at is not null)
            query.Refuse("at: cannot be given together with version");
        if (query.Faults is { Count: > 0 } faults)
            return ApiErrors.Invalid(faults);
        var events = RoomId.TryParse(id, out var room) ? await rooms.History(room, ct) : [];
        if (events.Count == 0)
            return AuditAnswers.NotFound;
        if (version > events.Count)
            return AuditAnswers.NotYet("version_not_found", $"The last version of this room is {events.Count}.");
        if (events.LastOrDefault(e => !(e.At > at) && !(e.Version > version)) is not { } last)
            return AuditAnswers.NotYet("room_not_found", $"The room did not exist then: its first event is of {IsoTime.Text(events[0].At)}.");

        try
        {
            var state = RoomSnapshot.Of(RoomCommands.Fold(events.TakeWhile(e => e.Version <= last.Version)));
            return Results.Ok(new Answer(id, last.Version, last.At, (staff.IsMasked(http.Request) ? state.Masked() : state).ToJson()));
        }
        catch (UndecodableEventException fault)
        {
            return AuditAnswers.Degraded(fault);
        }
    }
}
