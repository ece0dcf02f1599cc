using EventRtc.JsonRpc.WebSockets;

namespace EventRtc.Gateway.Connections;

/// <summary>What becomes of the visitor's place and media when its connection ends.</summary>
public enum Farewell
{
    /// <summary>The visitor has left: its media ends and the others are told.</summary>
    Leave,

    /// <summary>The visitor will come back, here or at another gateway: its media goes on for a while.</summary>
    Stay,

    /// <summary>Its next connection is there already and has the media, or makes its own.</summary>
    Yield,
}

public static class Farewells
{
    private const int Normal = 1000, GoingAway = 1001, NoCode = 1005;

    /// <param name="ours">Why the gateway closed it; null when the other side did, or the network.</param>
    public static Farewell Of(PeerClosed end, Closing? ours) => (end.ByUs, ours) switch
    {
        (true, { } closing) when closing == Closing.TakenOver => Farewell.Yield,
        (true, { } closing) when closing.Why.Retryable => Farewell.Stay,
        (true, null) => Farewell.Stay, // a slow reader
        (true, _) => Farewell.Leave,
        (false, _) => end.Code is Normal or GoingAway or NoCode ? Farewell.Leave : Farewell.Stay,
    };
}
