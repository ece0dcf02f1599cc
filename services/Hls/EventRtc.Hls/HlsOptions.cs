using System.ComponentModel.DataAnnotations;
using EventRtc.Hosting;

namespace EventRtc.Hls;

/// <summary>The encrypted sound of rooms, as listeners fetch it.</summary>
public sealed record HlsOptions
{
    /// <summary>Where keys and media are served, beside HTTP_ADDR for tokens. Default 0.0.0.0:3101.</summary>
    [ListenAt]
    public string MediaAddress { get; init; } = "0.0.0.0:3101";

    /// <summary>How long a room whose views have vanished is served as they showed it last, and a room that has moved also from its former mixer. Default 1 min; 0 s to 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan ViewGrace { get; init; } = TimeSpan.FromSeconds(60);
}
