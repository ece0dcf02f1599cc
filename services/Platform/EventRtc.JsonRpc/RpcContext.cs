using System.Diagnostics.CodeAnalysis;
using EventRtc.JsonRpc.WebSockets;

namespace EventRtc.JsonRpc;

/// <summary>Who calls, and under which identity.</summary>
/// <param name="Caller">Over Redis: the calling process's instance. Over a WebSocket: the name its peer was given.</param>
/// <param name="RequestId">The same for every delivery of one request, so a command id derived from it makes a redelivery harmless.</param>
/// <param name="Peer">The connection the call came over; null over Redis.</param>
/// <param name="Actor">On whose behalf the caller calls, if it said so. Callers over Redis are services of ours and are believed.</param>
public sealed record RpcContext(string Caller, Guid RequestId, WebSocketPeer? Peer = null, string? Actor = null)
{
    /// <summary>The errand that the call belongs to, which may be of several calls to several services: what the caller says, else this call alone.</summary>
    [AllowNull]
    public string Correlation { get => field ?? RequestId.ToString("N"); init; }

    internal RpcCallIds? Ids { get; init; }
}
