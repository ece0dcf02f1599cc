using EventRtc.Contracts;
using EventRtc.Contracts.Tokens;
using EventRtc.Domain;

namespace EventRtc.Rooms.Http;

/// <summary>GET /api/rooms/{id}: read from the log, so a caller sees its own writes.</summary>
public static class GetRoom
{
    public static async Task<IResult> Handle(string id, HttpContext http, RoomCommands rooms, RoomTokens tokens, HlsOptions hls, CancellationToken ct) =>
        RoomId.TryParse(id, null, out var room) && await rooms.Find(room, ct) is RoomState.Existing found
            ? Results.Ok(new OneRoom(RoomAnswer.Of(found, hls, showPin: IsHost(tokens.Read(http.Request), room))))
            : Refusals.ToHttp(RoomRejections.NotFound);

    private static bool IsHost(Claims? caller, RoomId room) => caller is { Role: Role.Host } && caller.Room == room;
}
