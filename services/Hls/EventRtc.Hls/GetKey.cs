using System.Text;
using EventRtc.Contracts;
using EventRtc.Contracts.Tokens;
using EventRtc.Domain;
using EventRtc.Projections;

namespace EventRtc.Hls;

/// <summary>
/// GET /hls/rooms/{id}/enc.key?n=nonce: the AES key of the room's live session, for holders of a token of that room. Without a token 401, with one that does
/// not open the room now 403; the code says why.
/// </summary>
public static class GetKey
{
    private static readonly Rejection SessionEnded = new(RejectionKind.Forbidden, "session_ended", "This key was of an earlier live session; load the playlist again.");

    internal const string Media = "application/octet-stream";

    /// <summary>The code of each 403.</summary>
    internal static readonly string[] Forbids =
        [.. from why in new[] { TokenRejections.Invalid, TokenRejections.Expired, TokenRejections.TooEarly, TokenRejections.WrongRoom, RoomRejections.NotOnAir, SessionEnded } select why.Code];

    public static IResult Handle(string id, string? n, HttpContext http, KnownRooms rooms, RoomTokens tokens, HlsKeyOptions keys)
    {
        http.Response.Headers.CacheControl = "no-store";
        switch (tokens.Verify(RoomTokens.Bearer(http.Request)))
        {
            case TokenReading<Claims>.Bad { Why: TokenFault.Missing }:
                return Refusals.ToHttp(TokenRejections.Missing);
            case TokenReading<Claims>.Bad { Why: var why }:
                return Forbidden(TokenRejections.Of(why));
            case TokenReading<Claims>.Good { Said.Room: var room } when room.Value == id:
                return KeyOf(room, n, rooms.Find(room)?.Live, keys);
            default:
                return Forbidden(TokenRejections.WrongRoom);
        }
    }

    private static IResult KeyOf(RoomId room, string? nonce, LiveMeta? live, HlsKeyOptions keys) => live switch
    {
        not { Status: LiveStatus.OnAir } => Forbidden(RoomRejections.NotOnAir),
        _ when nonce is not null && nonce != live.Nonce => Forbidden(SessionEnded),
        _ => Results.Bytes(HlsKeys.Key(Encoding.UTF8.GetBytes(keys.KeySecret), room, live.Nonce), Media),
    };

    /// <summary>Whatever the refusal: to a player it means that this key is not for it.</summary>
    private static IResult Forbidden(Rejection why) => Refusals.ToHttp(why with { Kind = RejectionKind.Forbidden });
}
