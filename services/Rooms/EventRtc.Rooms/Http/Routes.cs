using EventRtc.Contracts.Tokens;
using EventRtc.Rooms.Http.Audit;
using EventRtc.Rooms.Http.Modules;

namespace EventRtc.Rooms.Http;

public static class Routes
{
    public static void MapRooms(this WebApplication app)
    {
        var rooms = app.MapGroup("/api/rooms");
        rooms.MapPost("/", CreateRoom.Handle).Allow(Who.Operator);
        rooms.MapGet("/", ListRooms.Handle).Allow(Who.Auditor | Who.Operator);
        rooms.MapGet("/{id}", GetRoom.Handle).Allow(Who.Anyone);
        rooms.MapPost("/{id}/start", StartRoom.Handle).Allow(Who.Host | Who.Operator);
        rooms.MapDelete("/{id}", RemoveRoom.Handle).Allow(Who.Host | Who.Operator);

        rooms.MapGet("/{id}/history", RoomHistory.Handle).Allow(Who.Auditor | Who.Operator);
        rooms.MapGet("/{id}/state", RoomStateThen.Handle).Allow(Who.Auditor | Who.Operator);
        rooms.MapGet("/{id}/diff", RoomDiff.Handle).Allow(Who.Auditor | Who.Operator);

        var modules = app.MapGroup("/api/modules");
        modules.MapGet("/", ListModules.Handle).Allow(Who.Auditor | Who.Operator);
        modules.MapPut("/{type}/{id}/mark", MarkModule.Handle).Allow(Who.Operator);
        modules.MapDelete("/{type}/{id}/mark", RemoveMark.Handle).Allow(Who.Operator);
        app.MapGet("/api/stats", GetStats.Handle).Allow(Who.Auditor | Who.Operator);

        var audit = app.MapGroup("/api/audit");
        audit.MapGet("/export", ExportLog.Handle).Allow(Who.Auditor | Who.Operator);
        audit.MapGet("/head", ExportLog.Head).Allow(Who.Auditor | Who.Operator);
    }
}
