namespace EventRtc.Hls;

/// <summary>HLS_*</summary>
public sealed record HlsOptions
{
    /// <summary>Where keys and media are served, beside HTTP_ADDR for tokens.</summary>
    public string MediaAddress { get; init; } = "0.0.0.0:3101";
}
