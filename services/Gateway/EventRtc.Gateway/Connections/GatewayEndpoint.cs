using System.Net.WebSockets;
using EventRtc.Contracts.Tokens;
using EventRtc.Domain;
using EventRtc.Gateway.Rooms;
using EventRtc.JsonRpc;
using EventRtc.JsonRpc.WebSockets;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventRtc.Gateway.Connections;

/// <summary>
/// <c>/ws?token=JWT</c>, or with an <c>Authorization: Bearer</c> header. A browser cannot read why a handshake was refused, so every WebSocket is
/// accepted and one without a good token is closed 4001. With <c>room=</c> the token must be that room's.
/// </summary>
public static class GatewayEndpoint
{
    /// <summary>A client whose network is gone is noticed after twice this time.</summary>
    private static readonly WebSocketAcceptContext Accept =
        new() { KeepAliveInterval = TimeSpan.FromSeconds(10), KeepAliveTimeout = TimeSpan.FromSeconds(10) };

    private static long connections;

    public static async Task Handle(HttpContext context, RoomTokens tokens, ConnectionParts parts, GatewayOptions options, IHostApplicationLifetime lifetime)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        var visitor = VisitorOf(context.Request, tokens);
        using var socket = await context.WebSockets.AcceptWebSocketAsync(Accept);
        if (visitor is null)
        {
            await Refuse(socket, parts);
            return;
        }
        using var connection = new Connection(socket, $"{options.Id}:{Interlocked.Increment(ref connections)}", visitor, parts);
        await using var stopping = lifetime.ApplicationStopping.Register(() => connection.Close(CloseCodes.Restart, "restart"));
        await connection.Run();
    }

    /// <summary>Listeners' tokens name no user and open nothing here.</summary>
    private static Visitor? VisitorOf(HttpRequest request, RoomTokens tokens) =>
        tokens.Read((string?)request.Query["token"] ?? RoomTokens.Bearer(request)) is { Room: var room, User: { } user, Role: { } role } && IsAskedFor(room, request)
            ? new Visitor(room, user, role)
            : null;

    private static bool IsAskedFor(RoomId room, HttpRequest request) => (string?)request.Query["room"] is not { } asked || asked == room.Value;

    private static async Task Refuse(WebSocket socket, ConnectionParts parts)
    {
        using var peer = new WebSocketPeer(
            socket, "refused", new RpcMethods(NullLogger<RpcMethods>.Instance), parts.PeerOptions, parts.PeerLog, parts.Clock);
        peer.Close(CloseCodes.Unauthorized, "unauthorized");
        await peer.Run(CancellationToken.None);
    }
}
