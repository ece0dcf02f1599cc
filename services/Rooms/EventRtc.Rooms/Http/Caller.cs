using System.Diagnostics;
using EventRtc.Contracts.Tokens;
using EventRtc.Domain;
using EventRtc.EventStore;
using EventRtc.Hosting;

namespace EventRtc.Rooms.Http;

/// <summary>Who calls, and as which command.</summary>
internal static class Caller
{
    internal const string CorrelationHeader = "X-Correlation-Id";

    /// <summary>What is stored with an event stays small: a longer header is cut off here, in characters and not within one.</summary>
    internal const int LongestCorrelation = 128;

    public static CommandContext Of(HttpContext http)
    {
        var command = IdempotencyKey.IdOf(http.Request);
        return new CommandContext(command, http.Permit().Actor, CorrelationOf(http) ?? Activity.Current?.TraceId.ToString() ?? command.ToString("N"));
    }

    /// <summary>A host acts on the room that admitted it: a token from an earlier room of the same id names a user that this one does not know as its host.</summary>
    /// <returns>Why not; null when the call may go on, and for a room that is not there.</returns>
    public static Rejection? Refuse(RoomState room, HttpContext http) =>
        room is RoomState.Existing existing && http.Permit() is { As: Who.Host } permit && !IsHost(permit, existing) ? TokenRejections.WrongRoom : null;

    public static bool IsHost(Permit caller, RoomState.Existing room) =>
        caller.Member is { User: { } user } token && token.Room == room.Id && room.IsHost(user);

    private static string? CorrelationOf(HttpContext http) =>
        http.Request.Headers[CorrelationHeader].ToString() is { Length: > 0 } given ? string.Concat(given.EnumerateRunes().Take(LongestCorrelation)) : null;
}
