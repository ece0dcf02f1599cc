using System.ComponentModel.DataAnnotations;

namespace EventRtc.Users.Presence;

/// <summary>When an anchor who shows no sign of life counts as gone.</summary>
public sealed record PresenceOptions
{
    /// <summary>
    /// A member without a keepalive for this long is gone, and what was unsettled for so long is settled; full seconds count. Keepalives come every 10 s. Longer than a
    /// request may be under way (RPC_CLIENT_TIMEOUT): what is settled then stays so. Default 30 s; 1 s to 1 h.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan ExpireAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often that is looked after. With the default somebody is shown for 34 s after the last keepalive at most, as full seconds count. Default 3 s; 10 ms to 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan SweepEvery { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>The controller's lease: about so long, and a second more, nobody sweeps after it died. Default 3 s; 1 s to 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan LeaderTtl { get; init; } = TimeSpan.FromSeconds(3);
}
