namespace EventRtc.JsonRpc.WebSockets;

/// <summary>The connection is closing, closed or broken; a request that was under way may have been executed.</summary>
public sealed class PeerClosedException() : IOException("The connection is closed.");
