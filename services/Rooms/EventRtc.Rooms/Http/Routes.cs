using EventRtc.Contracts.Tokens;
using EventRtc.Rooms.Http.Audit;

namespace EventRtc.Rooms.Http;

public static class Routes
{
    public static void MapRooms(this WebApplication app)
    {
        var rooms = app.MapGroup("/api/rooms");
        rooms.MapPost("/", CreateRoom.Handle);
        rooms.MapGet("/", ListRooms.Handle);
        rooms.MapGet("/{id}", GetRoom.Handle);
        rooms.MapPost("/{id}/start", StartRoom.Handle);
        rooms.MapDelete("/{id}", RemoveRoom.Handle);

        var audit = app.MapGroup("/api").RequireStaff(StaffRole.Auditor);
        audit.MapGet("/rooms/{id}/history", RoomHistory.Handle);
        audit.MapGet("/rooms/{id}/state", RoomStateThen.Handle);
        audit.MapGet("/rooms/{id}/diff", RoomDiff.Handle);
        audit.MapGet("/audit/export", ExportLog.Handle);
        audit.MapGet("/audit/head", ExportLog.Head);
    }
}
