using System.Collections.Concurrent;
using EventRtc.JsonRpc;
using EventRtc.JsonRpc.WebSockets;
using EventRtc.Local;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventRtc.Platform.Tests.JsonRpc;

/// <summary>Kestrel with one WebSocket endpoint whose connections are peers with the given methods.</summary>
internal sealed class WebSocketEndpoint(WebApplication app, Uri address) : IAsyncDisposable
{
    private readonly ConcurrentQueue<WebSocketPeer> accepted = new();
    private readonly ConcurrentQueue<PeerClosed> ended = new();

    public Uri Address { get; } = address;

    /// <summary>How each connection ended so far.</summary>
    public IReadOnlyCollection<PeerClosed> Ended => ended;

    public static async Task<WebSocketEndpoint> Start(RpcMethods methods, WebSocketPeerOptions? options = null)
    {
        var port = FreePort.Any();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        var endpoint = new WebSocketEndpoint(builder.Build(), new Uri($"ws://127.0.0.1:{port}/rpc"));
        endpoint.Map(methods, options ?? new WebSocketPeerOptions());
        await endpoint.Start();
        return endpoint;
    }

    /// <summary>The server's end of the only connection.</summary>
    public async Task<WebSocketPeer> OnlyPeer()
    {
        await Eventually.True(() => accepted.Count == 1, TimeSpan.FromSeconds(5), "one connection is accepted");
        return accepted.Single();
    }

    public async Task<PeerClosed> OnlyEnd()
    {
        await Eventually.True(() => ended.Count == 1, TimeSpan.FromSeconds(10), "the connection has ended");
        return ended.Single();
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private Task Start() => app.StartAsync();

    private void Map(RpcMethods methods, WebSocketPeerOptions options)
    {
        app.UseWebSockets();
        app.Map("/rpc", async context =>
        {
            using var peer = new WebSocketPeer(
                await context.WebSockets.AcceptWebSocketAsync(), context.Connection.Id, methods, options, NullLogger<WebSocketPeer>.Instance, TimeProvider.System);
            accepted.Enqueue(peer);
            ended.Enqueue(await peer.Run(app.Lifetime.ApplicationStopping));
        });
    }
}
