using EventRtc.Contracts;
using EventRtc.Contracts.Tokens;
using EventRtc.Domain;
using EventRtc.Hosting;
using EventRtc.Rooms.Http.Audit;
using EventRtc.Rooms.Http.Modules;

namespace EventRtc.Rooms.Http;

/// <summary>Every call of the service: what it is, who may make it, and how it is answered.</summary>
public static class Routes
{
    private const Who Staff = Who.Auditor | Who.Operator;

    public static void MapRooms(this WebApplication app)
    {
        var rooms = app.MapGroup("/api/rooms");
        rooms.MapPost("", CreateRoom.Handle).Allow(Who.Operator)
            .Says("createRoom", "Creates a room, and starts it when asked to.").IsCommand().Takes(CreateRoom.Body)
            .Answers<OneRoom>(201, "The room with its pin.").Refuses(RoomRejections.Exists, RoomRejections.NoCapacity, RoomRejections.Degraded);
        rooms.MapGet("", ListRooms.Handle).Allow(Staff)
            .Says("listRooms", "All rooms, in pages by their ids.").AsksForPage()
            .Answers<ListRooms.Page>(200, "A page; next is there when more follow.").Refuses(400, "validation_failed");
        rooms.MapGet("/{id}", GetRoom.Handle).Allow(Who.Anyone)
            .Says("getRoom", "One room. The pin is there for operators and the room's hosts.").IsOfRoom()
            .Answers<OneRoom>(200, "The room.").Refuses(RoomRejections.NotFound, RoomRejections.Degraded);
        rooms.MapPost("/{id}/start", StartRoom.Handle).Allow(Who.Host | Who.Operator)
            .Says("startRoom", "Puts a room on air; one that is on air already stays so.").IsOfRoom().IsCommand()
            .Answers<OneRoom>(200, "The room on air.").Refuses(RoomRejections.NotFound, RoomRejections.Removing, RoomRejections.NoCapacity, RoomRejections.Degraded);
        rooms.MapDelete("/{id}", RemoveRoom.Handle).Allow(Who.Host | Who.Operator)
            .Says("removeRoom", "Ends a room; its modules let go of it by themselves.").IsOfRoom().IsCommand()
            .Answers<RemoveRoom.Answer>(200, "It is being removed.").Refuses(RoomRejections.NotFound, RoomRejections.Degraded);

        rooms.MapGet("/{id}/history", RoomHistory.Handle).Allow(Staff)
            .Says("roomHistory", "What happened under this id, also before the present room; secrets are for operators.").IsOfRoom().AsksForTimes()
            .Answers<RoomHistory.Answer>(200, "The events, oldest first.").Refuses(400, "validation_failed").Refuses(RoomRejections.NotFound);
        rooms.MapGet("/{id}/state", RoomStateThen.Handle).Allow(Staff)
            .Says("roomState", "What a room was at a time or a version, and now without either.").IsOfRoom().AsksForMoment()
            .Answers<RoomStateThen.Answer>(200, "The state that the events up to then amount to.").RefusesAudit();
        rooms.MapGet("/{id}/diff", RoomDiff.Handle).Allow(Staff)
            .Says("roomDiff", "What changed between two versions of a room, and by which events.").IsOfRoom().AsksForVersions()
            .Answers<RoomDiff.Answer>(200, "The fields that changed.").RefusesAudit();

        var modules = app.MapGroup("/api/modules");
        modules.MapGet("", ListModules.Handle).Allow(Staff)
            .Says("listModules", "Every Janus and mixer with a heartbeat, a mark or a room.").Answers<ListModules.Answer>(200, "The modules.");
        modules.MapPut("/{type}/{id}/mark", MarkModule.Handle).Allow(Who.Operator)
            .Says("markModule", "Marks a Janus or a mixer, also before it comes.").IsOfModule().IsCommand().Takes(MarkModule.Body)
            .Answers<MarkModule.Answer>(200, "The mark.").Refuses(ModuleRejections.Degraded);
        modules.MapDelete("/{type}/{id}/mark", RemoveMark.Handle).Allow(Who.Operator)
            .Says("removeMark", "Takes the mark away, if there is one.").IsOfModule().IsCommand()
            .Answers<RemoveRoom.Answer>(200, "There is none.").Refuses(400, "validation_failed").Refuses(ModuleRejections.Degraded);
        app.MapGet("/api/stats", GetStats.Handle).Allow(Staff)
            .Says("stats", "How many rooms there are and how many people are in them.").Answers<GetStats.Answer>(200, "The numbers.");

        var audit = app.MapGroup("/api/audit");
        audit.MapGet("/export", ExportLog.Handle).Allow(Staff)
            .Says("exportLog", "The log as NDJSON, a line an event, ending with its signed head. The export is recorded.").AsksForRooms()
            .Answers(200, "The lines. Without the last one, the signed head, they are not the whole.", ExportLog.Ndjson).Refuses(RoomRejections.NotFound).Refuses(503, ExportLog.NoKeyCode);
        audit.MapGet("/head", ExportLog.Head).Allow(Staff)
            .Says("logHead", "The signed head of the log.").Answers<EventStore.SignedHead>(200, "The head.").Refuses(503, ExportLog.NoKeyCode);
    }
}
