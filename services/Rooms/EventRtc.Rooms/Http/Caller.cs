using EventRtc.Contracts.Tokens;
using EventRtc.Domain;
using EventRtc.EventStore;
using EventRtc.Hosting;
using EventRtc.Hosting.Logging;

namespace EventRtc.Rooms.Http;

/// <summary>Who calls, and as which command.</summary>
internal static class Caller
{
    public static CommandContext Of(HttpContext http)
    {
        var command = IdempotencyKey.IdOf(http.Request);
        return new CommandContext(command, http.Permit().Actor, CorrelationId.Of(http.Request) ?? command.ToString("N"));
    }

    /// <summary>A host acts on the room that admitted it: a token from an earlier room of the same id names a user that this one does not know as its host.</summary>
    /// <returns>Why not; null when the call may go on, and for a room that is not there.</returns>
    public static Rejection? Refuse(RoomState room, HttpContext http) =>
        room is RoomState.Existing existing && http.Permit() is { As: Who.Host } permit && !IsHost(permit, existing) ? TokenRejections.WrongRoom : null;

    public static bool IsHost(Permit caller, RoomState.Existing room) =>
        caller.Member is { User: { } user } token && token.Room == room.Id && room.IsHost(user);
}
