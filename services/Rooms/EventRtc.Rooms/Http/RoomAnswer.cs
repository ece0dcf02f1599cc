using EventRtc.Domain;
using EventRtc.Projections;

namespace EventRtc.Rooms.Http;

/// <summary>A room as REST shows it. The pin is there for its creator, its host and operators only.</summary>
/// <param name="Status">created, onair or removing.</param>
/// <param name="RtpPort">Where the mixer takes the mix; absent until it listens.</param>
/// <param name="Forwarding">Whether the mix flows to the mixer.</param>
/// <param name="Degraded">True while an event of the room cannot be read and the rest shows the room as it was before; absent otherwise.</param>
public sealed record RoomAnswer(
    RoomId RoomId, string? Pin, int MaxAnchors, string Status, string HlsUrl, DateTimeOffset CreatedAt,
    ModuleId? JanusId = null, ModuleId? MixerId = null, int? RtpPort = null, bool Forwarding = false, bool? Degraded = null)
{
    private const string Created = "created";

    public static RoomAnswer Of(RoomState.Existing room, HlsOptions hls, bool showPin = false)
    {
        var live = (room as RoomState.Assigned)?.Live;
        return new(
            room.Id, showPin ? room.Pin : null, room.MaxAnchors, StatusOf(room), HlsUrlOf(room.Id, hls), room.CreatedAt,
            live?.Janus, live?.Mixer, live?.Port?.Port, live?.Forwarding ?? false);
    }

    public static RoomAnswer Of(RoomId id, RoomMeta meta, RoomViews views, HlsOptions hls) => new(
        id, null, meta.MaxAnchors, views.Live?.Status ?? Created, HlsUrlOf(id, hls), meta.CreatedAt,
        views.Live?.JanusId, views.Live?.MixerId, views.Mixer?.Port, views.Janus?.Status is JanusStatus.Forwarding,
        views.Degraded is null ? null : true);

    private static string StatusOf(RoomState room) => room switch
    {
        RoomState.OnAir => LiveStatus.OnAir,
        RoomState.Removing => LiveStatus.Removing,
        _ => Created,
    };

    private static string HlsUrlOf(RoomId room, HlsOptions hls) => $"{hls.AdvUrl.ToString().TrimEnd('/')}/rooms/{room}/stream.m3u8";
}

/// <summary><c>{success, room}</c>.</summary>
public sealed record OneRoom(RoomAnswer Room)
{
    public bool Success { get; } = true;
}
