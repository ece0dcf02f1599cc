namespace EventRtc.Rooms;

/// <summary>What listeners are told.</summary>
public sealed record HlsOptions
{
    /// <summary>Where playlists are published; a room's path is appended. HLS_ADV_URL, default http://localhost:8080/hls/.</summary>
    public Uri AdvUrl { get; init; } = new("http://localhost:8080/hls/");
}
