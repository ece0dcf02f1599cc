using System.Text.RegularExpressions;
using EventRtc.Contracts;
using EventRtc.Contracts.Directories;
using EventRtc.Domain;
using EventRtc.Hosting;
using EventRtc.Projections;

namespace EventRtc.Hls;

/// <summary>GET /hls/rooms/{id}/stream.m3u8 and its segments, from the mixer that holds the room now: the address stays when the room moves.</summary>
public static partial class GetMedia
{
    private static readonly ApiError NotReady = new("The room is on air, but its sound is not there yet; try again.", "not_ready", Retryable: true);
    private static readonly ApiError NoSuchFile = new("The playlist does not list this any more.", "not_found");

    public static async Task<IResult> Handle(string id, string file, RoomDirectory rooms, MixerFiles mixers, CancellationToken ct)
    {
        if (!MediaFile().IsMatch(file))
            return ApiErrors.Answer(StatusCodes.Status404NotFound, NoSuchFile);
        if (!RoomId.TryParse(id, null, out var room))
            return Refusals.ToHttp(RoomRejections.NotFound);
        rooms.RequireSynced();
        return rooms.Find(room) switch
        {
            { Live: null } => Refusals.ToHttp(RoomRejections.NotOnAir),
            { Mixer: null } => ApiErrors.Answer(StatusCodes.Status503ServiceUnavailable, NotReady),
            { Mixer: { } mixer } => await mixers.Open(mixer, room, file, ct) switch
            {
                { IsSuccessStatusCode: true } answer => new Relayed(answer),
                null => ApiErrors.Answer(StatusCodes.Status503ServiceUnavailable, NotReady),
                { } answer => Missing(answer, file),
            },
        };
    }

    /// <summary>A playlist that is not there yet comes soon; a segment that is not there has gone.</summary>
    private static IResult Missing(HttpResponseMessage answer, string file)
    {
        answer.Dispose();
        return file.EndsWith(".m3u8", StringComparison.Ordinal)
            ? ApiErrors.Answer(StatusCodes.Status503ServiceUnavailable, NotReady)
            : ApiErrors.Answer(StatusCodes.Status404NotFound, NoSuchFile);
    }

    /// <summary>Nothing else is asked of a mixer, whatever the caller writes.</summary>
    [GeneratedRegex(@"\A(stream\.m3u8|seg[0-9]{1,12}\.ts)\z")]
    private static partial Regex MediaFile();
}
