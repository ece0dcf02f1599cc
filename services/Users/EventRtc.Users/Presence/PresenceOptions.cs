using System.ComponentModel.DataAnnotations;

namespace EventRtc.Users.Presence;

/// <summary>PRESENCE_*</summary>
public sealed record PresenceOptions
{
    /// <summary>
    /// A member without a keepalive for this long is gone, and what was unsettled for so long is settled; full seconds count. Default 30 s; keepalives come every
    /// 10 s. Longer than a request may be under way (RPC_CLIENT_TIMEOUT): what is settled then stays so.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan ExpireAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often that is looked after. Default 3 s: as full seconds count, somebody is shown for 34 s after the last keepalive at most.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan SweepEvery { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>The controller's lease: about so long, and a second more, nobody sweeps after it died. Default 3 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan LeaderTtl { get; init; } = TimeSpan.FromSeconds(3);
}
