using EventRtc.Contracts.Tokens;

namespace EventRtc.Users.Http;

public static class Routes
{
    /// <summary>
    /// Hosts are known by their tokens alone: this service keeps no rooms, so a token from an earlier room of the same id is good here until it ends.
    /// </summary>
    public static void MapUsers(this WebApplication app)
    {
        var users = app.MapGroup("/api/rooms/{id}/users");
        users.MapPost("/", AdmitUser.Handle).Allow(Who.Host | Who.Operator);
        users.MapDelete("/{userId}", RemoveUser.Handle).Allow(Who.Self | Who.Host | Who.Operator);
    }
}
