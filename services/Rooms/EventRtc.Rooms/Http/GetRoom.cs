using EventRtc.Contracts;
using EventRtc.Contracts.Tokens;
using EventRtc.Domain;

namespace EventRtc.Rooms.Http;

/// <summary>GET /api/rooms/{id}: read from the log, so a caller sees its own writes.</summary>
public static class GetRoom
{
    public static async Task<IResult> Handle(string id, HttpContext http, RoomCommands rooms, RoomTokens tokens, HlsOptions hls, CancellationToken ct) =>
        RoomId.TryParse(id, out var room) && await rooms.Find(room, ct) is RoomState.Existing found
            ? Results.Ok(new OneRoom(RoomAnswer.Of(found, hls, showPin: IsHost(tokens.Read(http.Request), found))))
            : Refusals.ToHttp(RoomRejections.NotFound);

    /// <summary>Of this room, that is: a token from an earlier room of the same id names a user that this one does not know.</summary>
    private static bool IsHost(Claims? caller, RoomState.Existing room) =>
        caller is { User: { } user } && caller.Room == room.Id && room.Anchors.Find(user) is { Role: Role.Host };
}
