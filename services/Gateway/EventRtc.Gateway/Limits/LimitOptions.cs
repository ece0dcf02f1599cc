using System.ComponentModel.DataAnnotations;

namespace EventRtc.Gateway.Limits;

/// <summary>
/// LIMIT_*: what one visitor, room or address may ask of this gateway. Rates are token buckets: so many at once (<c>Burst</c>), refilled steadily.
/// </summary>
public sealed record LimitOptions
{
    /// <summary>Connections of one room. Default 500.</summary>
    [Range(1, 1_000_000)] public int ConnectionsPerRoom { get; init; } = 500;

    /// <summary>Connections from one address; behind one there may be an office. Default 200.</summary>
    [Range(1, 1_000_000)] public int ConnectionsPerIp { get; init; } = 200;

    /// <summary>New connections from one address, with or without a good token. Default 10 a second.</summary>
    [Range(1, 1_000_000)] public int HandshakesPerSecond { get; init; } = 10;

    /// <summary>Default 200.</summary>
    [Range(1, 1_000_000)] public int HandshakeBurst { get; init; } = 200;

    /// <summary>Messages of one connection, and as many of one user over all its connections. Default 20 a second; a client at rest sends one in 10 s.</summary>
    [Range(1, 1_000_000)] public int MessagesPerSecond { get; init; } = 20;

    /// <summary>A client that begins sends a dozen candidates at once. Default 200.</summary>
    [Range(1, 1_000_000)] public int MessageBurst { get; init; } = 200;

    /// <summary>Joins of one user. Default 2 a second.</summary>
    [Range(1, 1_000_000)] public int JoinsPerSecond { get; init; } = 2;

    /// <summary>Default 20.</summary>
    [Range(1, 1_000_000)] public int JoinBurst { get; init; } = 20;

    /// <summary>New connections of one user. Default 1 a second.</summary>
    [Range(1, 1_000_000)] public int ReconnectsPerSecond { get; init; } = 1;

    /// <summary>Default 20.</summary>
    [Range(1, 1_000_000)] public int ReconnectBurst { get; init; } = 20;

    /// <summary>Refused messages after which a connection is closed instead; as many as a second's worth comes back in 10 s. Default 100.</summary>
    [Range(1, 1_000_000)] public int RefusalBurst { get; init; } = 100;
}
