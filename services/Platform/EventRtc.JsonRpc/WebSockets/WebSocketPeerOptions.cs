namespace EventRtc.JsonRpc.WebSockets;

/// <summary>Bounds of one connection: what a peer may cost us at most.</summary>
public sealed record WebSocketPeerOptions
{
    /// <summary>A longer message is answered -32600 and not kept.</summary>
    public int MaxMessageBytes { get; init; } = 65_536;

    /// <summary>How long a request of ours waits for its answer.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Requests of the other side handled at once; one more is answered -32029.</summary>
    public int InFlightLimit { get; init; } = 64;

    /// <summary>
    /// Messages waiting for a slow reader; one more closes the connection with 4029. The reason reaches a reader who takes what was waiting before within <see cref="CloseGrace"/>;
    /// one who reads nothing at all cannot be told, as the close stands behind what it does not read: its connection breaks (1006).
    /// </summary>
    public int SendQueue { get; init; } = 256;

    /// <summary>What somebody is told to wait who asks for too much at once or reads too slowly: time for a burst, or a gap in the network, to pass.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Asked before each message of the other side is looked at, in their order: a refusal is the answer. Must not block.</summary>
    public Func<RpcException?> Gate { get; init; } = () => null;

    /// <summary>How long a close waits for answers under way, and then for the other side to close too.</summary>
    public TimeSpan CloseGrace { get; init; } = TimeSpan.FromSeconds(2);
}
