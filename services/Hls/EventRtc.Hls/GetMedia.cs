using System.Text.RegularExpressions;
using EventRtc.Contracts;
using EventRtc.Domain;
using EventRtc.Hosting;

namespace EventRtc.Hls;

/// <summary>
/// GET /hls/rooms/{id}/stream.m3u8 and its segments, from the mixer that holds the room now, or from the one that held it before while that one has more to give: the address
/// stays when the room moves.
/// </summary>
public static partial class GetMedia
{
    private const string Playlist = "stream.m3u8";
    internal const string Files = @"^(stream\.m3u8|seg[0-9]{1,12}\.ts)$";
    internal static readonly ApiError NotReady = new("The room is on air, but its sound is not there yet; try again.", "not_ready", Retryable: true);
    internal static readonly ApiError NoSuchFile = new("The playlist does not list this any more.", "not_found");

    public static async Task<IResult> Handle(string id, string file, HttpRequest request, KnownRooms rooms, MixerFiles mixers, HlsTelemetry telemetry, CancellationToken ct)
    {
        if (!MediaFile().IsMatch(file))
            return ApiErrors.Answer(StatusCodes.Status404NotFound, NoSuchFile);
        if (!RoomId.TryParse(id, null, out var room))
            return Refusals.ToHttp(RoomRejections.NotFound);
        if (rooms.Find(room) is not { } known)
            return Refusals.ToHttp(RoomRejections.NotOnAir);
        var answer = file == Playlist ? await FindPlaylist(room, known, rooms, mixers, ct) : await FindSegment(room, known, file, mixers, ct);
        if (file == Playlist)
            telemetry.Playlist(request, found: answer is Relayed);
        else
            telemetry.Segment(answer is IStatusCodeHttpResult { StatusCode: { } status } ? status : StatusCodes.Status200OK);
        return answer;
    }

    private static async Task<IResult> FindPlaylist(RoomId room, KnownRoom known, KnownRooms rooms, MixerFiles mixers, CancellationToken ct)
    {
        foreach (var mixer in known.PlaylistSources)
            if (await mixers.Open(mixer, room, Playlist, ct) is { File: { } playlist })
            {
                rooms.TookOver(room, mixer);
                return new Relayed(playlist);
            }
        return ApiErrors.Answer(StatusCodes.Status503ServiceUnavailable, NotReady);
    }

    /// <summary>A segment that no mixer has is gone. Where one does not answer it may be there yet: players try again after 503, and after 404 they do not.</summary>
    private static async Task<IResult> FindSegment(RoomId room, KnownRoom known, string file, MixerFiles mixers, CancellationToken ct)
    {
        var allAnswered = known.Mixer is not null;
        foreach (var mixer in known.SegmentSources)
        {
            var (segment, answered) = await mixers.Open(mixer, room, file, ct);
            if (segment is not null)
                return new Relayed(segment);
            allAnswered &= answered;
        }
        return allAnswered
            ? ApiErrors.Answer(StatusCodes.Status404NotFound, NoSuchFile)
            : ApiErrors.Answer(StatusCodes.Status503ServiceUnavailable, NotReady);
    }

    /// <summary>Nothing else is asked of a mixer, whatever the caller writes.</summary>
    [GeneratedRegex(@"\A(stream\.m3u8|seg[0-9]{1,12}\.ts)\z")]
    private static partial Regex MediaFile();
}
