using System.ComponentModel.DataAnnotations;

namespace EventRtc.Gateway;

/// <summary>GATEWAY_*</summary>
public sealed record GatewayOptions
{
    /// <summary>Names this process among the gateways, in logs and as the first half of its connections' names.</summary>
    [Required] public string Id { get; init; } = Environment.MachineName;

    /// <summary>How long one answer of a Janus may take.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan JanusTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a Janus is told that its sessions are wanted; it ends them after 60 s of silence.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:00:50")]
    public TimeSpan JanusKeepalive { get; init; } = TimeSpan.FromSeconds(25);
}
