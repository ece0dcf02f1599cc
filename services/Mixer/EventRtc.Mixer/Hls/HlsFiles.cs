using EventRtc.Contracts;
using EventRtc.Hosting;
using EventRtc.Mixer.Media;
using EventRtc.Mixer.Rooms;

namespace EventRtc.Mixer.Hls;

/// <summary>Serves playlists and segments to the HLS service. A name is checked before it becomes part of a path, so no request leaves its room's folder.</summary>
public static class HlsFiles
{
    public static void MapHlsFiles(this IEndpointRouteBuilder app) => app.MapGet("/rooms/{room}/{file}", Serve)
        .Says("getFile", "A room's playlist and encrypted segments, for the HLS service.")
        .Asks("room", Shapes.RoomId, "The room.").Asks("file", Shape.AnyText, "stream.m3u8, or a segment that it lists.")
        .Answers(200, "The file.", "application/vnd.apple.mpegurl", "video/mp2t").Refuses(404, "not_found");

    private static async Task<IResult> Serve(string room, string file, WorkFolder folder, HttpResponse response, CancellationToken ct)
    {
        if (!RoomId.TryParse(room, out var id) || !HlsFolder.IsServed(file) || await folder.Of(id).Read(file, ct) is not { } content)
            return Results.StatusCode(StatusCodes.Status404NotFound);
        var isPlaylist = file == HlsFolder.Playlist;
        // A segment's name comes again in the room's next live session, so it is kept no longer than it stays in the playlist.
        response.Headers.CacheControl = isPlaylist ? "no-cache" : "max-age=10";
        return Results.Bytes(content, isPlaylist ? "application/vnd.apple.mpegurl" : "video/mp2t");
    }
}
