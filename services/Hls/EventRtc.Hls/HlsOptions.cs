namespace EventRtc.Hls;

/// <summary>HLS_*</summary>
public sealed record HlsOptions
{
    /// <summary>Where keys and media are served, beside HTTP_ADDR for tokens.</summary>
    public string MediaAddress { get; init; } = "0.0.0.0:3101";

    /// <summary>How long a room whose views have vanished is served as they showed it last, and a room that has moved also from its former mixer.</summary>
    public TimeSpan ViewGrace { get; init; } = TimeSpan.FromSeconds(60);
}
