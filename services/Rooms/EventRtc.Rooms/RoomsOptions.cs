using EventRtc.Hosting;

namespace EventRtc.Rooms;

/// <summary>What listeners are told.</summary>
public sealed record HlsOptions
{
    /// <summary>Where playlists are published; a room's path is appended. Default http://localhost:8080/hls/.</summary>
    [UrlOf("http", "https")]
    public Uri AdvUrl { get; init; } = new("http://localhost:8080/hls/");
}
