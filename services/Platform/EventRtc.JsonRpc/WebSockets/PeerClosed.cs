namespace EventRtc.JsonRpc.WebSockets;

/// <summary>How a connection ended.</summary>
/// <param name="Code">The close code of the side that closed first; 1006 when the connection broke without one, 1005 when the close carried none.</param>
/// <param name="Reason">As given, at most 123 bytes; empty when none was.</param>
/// <param name="ByUs">We closed it.</param>
public sealed record PeerClosed(int Code, string Reason, bool ByUs);
