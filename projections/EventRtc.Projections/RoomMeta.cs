using static EventRtc.Domain.RoomEvent;

namespace EventRtc.Projections;

/// <summary>View <c>meta</c>: what a room is, as long as it exists.</summary>
/// <param name="Pin">Six alphanumerics. Secret: for the host, operators and the services that check it.</param>
/// <param name="HlsPath">The playlist, relative to the public HLS address: <c>rooms/{id}/stream.m3u8</c>.</param>
/// <param name="MaxAnchors">Speakers at once, 1 to 5.</param>
public sealed record RoomMeta(string Pin, string HlsPath, int MaxAnchors, DateTimeOffset CreatedAt)
{
    public static RoomMeta? Apply(RoomMeta? view, RoomEvent happened) => (view, happened) switch
    {
        (_, RoomCreated e) => new RoomMeta(e.Pin, $"rooms/{e.Room}/stream.m3u8", e.MaxAnchors, e.At),
        (_, RoomDeleted) => null,
        _ => view,
    };
}
