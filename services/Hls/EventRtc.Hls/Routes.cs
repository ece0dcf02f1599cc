using EventRtc.Contracts;
using EventRtc.Contracts.Tokens;
using EventRtc.Domain;
using EventRtc.Hosting;

namespace EventRtc.Hls;

public static class Routes
{
    /// <summary>Everybody may listen: tokens are given to whoever asks and only keep a key from whoever never did. Media is worth nothing without the key.</summary>
    public static void MapHls(this WebApplication app)
    {
        app.MapPost("/api/token", IssueToken.Handle)
            .Says("issueToken", "A listener's token for a room.").Takes(IssueToken.Body)
            .Answers<IssueToken.Answer>(200, "What opens the room's keys.").Refuses(RoomRejections.NotFound);
        app.MapGet("/hls/rooms/{id}/enc.key", GetKey.Handle).WantsToken(isOptional: false, "listener", "guest", "anchor", "host")
            .Says("getKey", "The AES-128 key of the room's live session.").Asks("id", Shapes.RoomId, "The room.").Asks("n", Shape.AnyText, "The live session's nonce, as the playlist has it.")
            .Answers(200, "16 bytes.", GetKey.Media).Refuses(TokenRejections.Missing).Refuses(403, GetKey.Forbids);
        app.MapGet("/hls/rooms/{id}/{file}", GetMedia.Handle)
            .Says("getMedia", "The room's playlist and its encrypted segments.").Asks("id", Shapes.RoomId, "The room.").Asks("file", Shape.Text(GetMedia.Files), "stream.m3u8, or a segment that it lists.")
            .Answers(200, "The file, from the room's mixer.", "application/vnd.apple.mpegurl", "video/mp2t")
            .Refuses(RoomRejections.NotFound, RoomRejections.NotOnAir).Refuses(404, GetMedia.NoSuchFile.Code).Refuses(503, GetMedia.NotReady.Code);
    }
}
