using EventRtc.Contracts.Tokens;

namespace EventRtc.Users.Http;

public static class Routes
{
    /// <summary>This service keeps no rooms: whether a host is this very room's, and not an earlier one's of the same id, the rooms service says when the log is told.</summary>
    public static void MapUsers(this WebApplication app)
    {
        var users = app.MapGroup("/api/rooms/{id}/users");
        users.MapPost("/", AdmitUser.Handle).Allow(Who.Host | Who.Operator);
        users.MapDelete("/{userId}", RemoveUser.Handle).Allow(Who.Self | Who.Host | Who.Operator);
    }
}
