using System.Text;
using EventRtc.Contracts;
using EventRtc.Contracts.Directories;
using EventRtc.Contracts.Tokens;
using EventRtc.Domain;
using EventRtc.Hosting;
using EventRtc.Projections;

namespace EventRtc.Hls;

/// <summary>GET /hls/rooms/{id}/enc.key?n=nonce: the AES key of the room's live session, for holders of a token of that room.</summary>
public static class GetKey
{
    private static readonly ApiError NoToken = new("A token is needed; POST /api/token gives one.", "unauthorized");
    private static readonly ApiError Forbidden = new("This token does not open this room now.", "forbidden");

    public static IResult Handle(string id, string? n, HttpContext http, RoomDirectory rooms, RoomTokens tokens, HlsKeyOptions keys)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (RoomTokens.Bearer(http.Request) is null)
            return ApiErrors.Answer(StatusCodes.Status401Unauthorized, NoToken);
        if (!RoomId.TryParse(id, null, out var room) || tokens.Read(http.Request)?.Room != room)
            return ApiErrors.Answer(StatusCodes.Status403Forbidden, Forbidden);
        rooms.RequireSynced();
        return rooms.Find(room).Live is { Status: LiveStatus.OnAir } live && (n is null || n == live.Nonce)
            ? Results.Bytes(HlsKeys.Key(Encoding.UTF8.GetBytes(keys.KeySecret), room, live.Nonce), "application/octet-stream")
            : ApiErrors.Answer(StatusCodes.Status403Forbidden, Forbidden);
    }
}
