using System.Net.WebSockets;
using EventRtc.Contracts.Tokens;
using EventRtc.Domain;
using EventRtc.Gateway.Limits;
using EventRtc.Gateway.Rooms;
using EventRtc.Hosting;
using EventRtc.Hosting.Logging;
using EventRtc.JsonRpc;
using EventRtc.JsonRpc.WebSockets;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventRtc.Gateway.Connections;

/// <summary>
/// <c>/ws?token=JWT</c>, or with an <c>Authorization: Bearer</c> header. A browser cannot read why a handshake was refused, so every WebSocket is
/// accepted and one that may not come in is closed with the reason; but for a page of another origin, which is refused 403 and not told. With <c>room=</c> the token must be that room's.
/// </summary>
public sealed class GatewayEndpoint(RoomTokens tokens, ConnectionParts parts, GatewayOptions options, IHostApplicationLifetime lifetime)
{
    /// <summary>A client whose network is gone is noticed after twice this time.</summary>
    private static readonly WebSocketAcceptContext Accept =
        new() { KeepAliveInterval = TimeSpan.FromSeconds(10), KeepAliveTimeout = TimeSpan.FromSeconds(10) };

    private long lastConnection;
    private int open;

    public async Task Handle(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            (context.Response.Headers.Connection, context.Response.Headers.Upgrade) = ("Upgrade", "websocket"); // RFC 9110, 15.5.22
            await Refuse(context, StatusCodes.Status426UpgradeRequired, new ApiError("This address speaks WebSocket.", "websocket_expected"));
            return;
        }
        if (!MayCome(context.Request.Headers.Origin))
        {
            await Refuse(context, StatusCodes.Status403Forbidden, new ApiError("Pages of this origin may not connect here.", "origin_not_allowed"));
            return;
        }

        var address = $"{context.Connection.RemoteIpAddress}";
        if (parts.Limits.Enter(address) is { } limit)
        {
            await Refuse(context, Closing.TooMany(limit.Code, limit.RetryAfter));
            return;
        }
        try
        {
            await Admit(context);
        }
        finally
        {
            parts.Limits.Leave(address);
        }
    }

    /// <summary>Only browsers say where their page is from, and then always.</summary>
    private bool MayCome(string? origin) =>
        string.IsNullOrEmpty(origin) || options.AllowedOrigins.Length == 0 || options.AllowedOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase);

    private async Task Admit(HttpContext context)
    {
        var (visitor, why) = VisitorOf(context.Request);
        if (visitor is null)
        {
            await Refuse(context, Closing.Unauthorized(why!));
            return;
        }
        if (parts.Limits.Enter(visitor) is { } limit)
        {
            await Refuse(context, Closing.TooMany(limit.Code, limit.RetryAfter));
            return;
        }
        try
        {
            await Serve(context, visitor);
        }
        finally
        {
            parts.Limits.Leave(visitor);
        }
    }

    private async Task Serve(HttpContext context, Visitor visitor)
    {
        Interlocked.Increment(ref open);
        GatewayTelemetry.Opened();
        using var ids = parts.Log.With(("Room", visitor.Room), ("User", visitor.User)); // whatever is done for this visitor
        try
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync(Accept);
            using var connection = new Connection(socket, $"{options.Id}:{Interlocked.Increment(ref lastConnection)}", visitor, parts);
            await using var stopping = lifetime.ApplicationStopping.Register(() => connection.Close(Closing.Restart(Spread())));
            await connection.Run();
        }
        finally
        {
            Interlocked.Decrement(ref open);
            GatewayTelemetry.Ended();
        }
    }

    /// <summary>Some time within which all of this gateway's connections come back to the others at the rate that these are to take.</summary>
    private TimeSpan Spread() => TimeSpan.FromSeconds(Random.Shared.NextDouble() * Volatile.Read(ref open) / options.ReconnectRate);

    /// <summary>Listeners' tokens name no user and open nothing here.</summary>
    private (Visitor? Visitor, Rejection? Why) VisitorOf(HttpRequest request) => tokens.Verify((string?)request.Query["token"] ?? RoomTokens.Bearer(request)) switch
    {
        TokenReading<Claims>.Bad(var why) => (null, TokenRejections.Of(why)),
        { Claims: { Room: var room } } when (string?)request.Query["room"] is { } asked && asked != room.Value => (null, TokenRejections.WrongRoom),
        { Claims: { Room: var room, User: { } user, Role: { } role } } => (new Visitor(room, user, role), null),
        _ => (null, TokenRejections.RoleInsufficient),
    };

    /// <summary>What is no WebSocket, or comes from a page that is to learn nothing.</summary>
    private static Task Refuse(HttpContext context, int status, ApiError why) => ApiErrors.Answer(status, why).ExecuteAsync(context);

    private async Task Refuse(HttpContext context, Closing why)
    {
        GatewayTelemetry.Refused(why.Why.Code);
        using var socket = await context.WebSockets.AcceptWebSocketAsync(Accept);
        using var peer = new WebSocketPeer(
            socket, "refused", new RpcMethods(NullLogger<RpcMethods>.Instance), parts.PeerOptions, parts.PeerLog, parts.Clock);
        peer.Close(why.Code, why.Why);
        await peer.Run(CancellationToken.None);
    }
}
