using System.ComponentModel.DataAnnotations;

namespace EventRtc.Gateway.Limits;

/// <summary>
/// What one visitor, room or address may ask of this gateway. Rates are token buckets: so many at once (<c>Burst</c>), refilled steadily.
/// </summary>
public sealed record LimitOptions
{
    /// <summary>Connections of one room. Default 500; 1 to 1000000.</summary>
    [Range(1, 1_000_000)] public int ConnectionsPerRoom { get; init; } = 500;

    /// <summary>Connections from one address; behind one there may be an office. Default 200; 1 to 1000000.</summary>
    [Range(1, 1_000_000)] public int ConnectionsPerIp { get; init; } = 200;

    /// <summary>New connections from one address in a second, with or without a good token. Default 10; 1 to 1000000.</summary>
    [Range(1, 1_000_000)] public int HandshakesPerSecond { get; init; } = 10;

    /// <summary>New connections from one address at once. Default 200; 1 to 1000000.</summary>
    [Range(1, 1_000_000)] public int HandshakeBurst { get; init; } = 200;

    /// <summary>Messages of one connection in a second, and as many of one user over all its connections. A client at rest sends one in 10 s. Default 20; 1 to 1000000.</summary>
    [Range(1, 1_000_000)] public int MessagesPerSecond { get; init; } = 20;

    /// <summary>Messages of one connection at once; a client that begins sends a dozen candidates. Default 200; 1 to 1000000.</summary>
    [Range(1, 1_000_000)] public int MessageBurst { get; init; } = 200;

    /// <summary>Joins of one user in a second. Default 2; 1 to 1000000.</summary>
    [Range(1, 1_000_000)] public int JoinsPerSecond { get; init; } = 2;

    /// <summary>Joins of one user at once. Default 20; 1 to 1000000.</summary>
    [Range(1, 1_000_000)] public int JoinBurst { get; init; } = 20;

    /// <summary>New connections of one user in a second. Default 1; 1 to 1000000.</summary>
    [Range(1, 1_000_000)] public int ReconnectsPerSecond { get; init; } = 1;

    /// <summary>New connections of one user at once. Default 20; 1 to 1000000.</summary>
    [Range(1, 1_000_000)] public int ReconnectBurst { get; init; } = 20;

    /// <summary>Refused messages after which a connection is closed instead; as many as a second's worth comes back in 10 s. Default 100; 1 to 1000000.</summary>
    [Range(1, 1_000_000)] public int RefusalBurst { get; init; } = 100;
}
