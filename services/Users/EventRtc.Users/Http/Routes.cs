using EventRtc.Contracts;
using EventRtc.Contracts.Tokens;
using EventRtc.Domain;
using EventRtc.Hosting;

namespace EventRtc.Users.Http;

public static class Routes
{
    /// <summary>This service keeps no rooms: whether a host is this very room's, and not an earlier one's of the same id, the rooms service says when the log is told.</summary>
    public static void MapUsers(this WebApplication app)
    {
        var users = app.MapGroup("/api/rooms/{id}/users");
        users.MapPost("", AdmitUser.Handle).Allow(Who.Host | Who.Operator)
            .Says("admitUser", "Admits somebody to a room; a host admits anchors and guests.").Asks("id", Shapes.RoomId, "The room.").IsRepeatable().Takes(AdmitUser.Body)
            .Answers<AdmitUser.Answer>(200, "The new user, and the token by which it connects.").Refuses(RoomRejections.NotFound, RoomRejections.Full, RoomRejections.Removing, RoomRejections.Degraded);
        users.MapDelete("/{userId}", RemoveUser.Handle).Allow(Who.Self | Who.Host | Who.Operator)
            .Says("removeUser", "Takes somebody out of a room; the place is free again.").Asks("id", Shapes.RoomId, "The room.").Asks("userId", Shape.Uuid, "The user.").IsRepeatable()
            .Answers<RemoveUser.Answer>(200, "The user is out.").Refuses(RoomRejections.NotFound, RoomRejections.Degraded);
    }
}
