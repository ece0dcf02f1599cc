using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;
using EventRtc.Domain;
using EventRtc.JsonRpc;
using EventRtc.JsonRpc.WebSockets;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventRtc.Visitors;

/// <summary>A visitor at a gateway: a browser without its media.</summary>
public sealed class GatewayClient : IAsyncDisposable
{
    /// <summary>Of every room that is made for tests.</summary>
    public const string Pin = "123456";

    private readonly WebSocket socket;
    private readonly WebSocketPeer peer;
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentQueue<(string Method, JsonElement Params)> heard = new();

    private GatewayClient(WebSocket socket, UserId user)
    {
        this.socket = socket;
        User = user;
        var methods = new RpcMethods(NullLogger<RpcMethods>.Instance);
        foreach (var method in (string[])["roomStatus", "candidate", "talking", "muted", "mediaMoved", "roomEnding"])
        {
            methods.On<JsonElement>(method, (given, _, _) =>
            {
                heard.Enqueue((method, given));
                return Task.CompletedTask;
            });
        }
        peer = new WebSocketPeer(socket, "visitor", methods, new WebSocketPeerOptions(), NullLogger<WebSocketPeer>.Instance, TimeProvider.System);
        Closed = peer.Run(stop.Token);
    }

    public UserId User { get; }

    /// <summary>The tab's; another connection of the same tab has the same.</summary>
    public Guid ClientId { get; init; } = Guid.NewGuid();

    /// <summary>Of the last join.</summary>
    public string? Jtoken { get; private set; }

    public Task<PeerClosed> Closed { get; }

    /// <summary>As a network does that goes away: no close frame reaches the gateway.</summary>
    public void Drop() => socket.Abort();

    /// <summary>The next connection of the same tab.</summary>
    public static async Task<GatewayClient> Connect(Uri address, GatewayClient earlier) =>
        new(await Open(address, null), earlier.User) { ClientId = earlier.ClientId, Jtoken = earlier.Jtoken };

    public static async Task<GatewayClient> Connect(Uri address, UserId user, string? bearer = null) => new(await Open(address, bearer), user);

    private static async Task<ClientWebSocket> Open(Uri address, string? bearer)
    {
        var opened = new ClientWebSocket();
        if (bearer is not null)
            opened.Options.SetRequestHeader("Authorization", $"Bearer {bearer}");
        await opened.ConnectAsync(address, CancellationToken.None);
        return opened;
    }

    /// <exception cref="RpcException">It was refused.</exception>
    /// <exception cref="PeerClosedException">The connection has ended.</exception>
    public Task<JsonElement> Ask(string method, object? given = null) => peer.Request<JsonElement>(method, given);

    public async Task<JsonElement> Join(string? pin = Pin)
    {
        var joined = await Ask("join", new { clientId = ClientId, pin });
        Jtoken = joined.GetProperty("jtoken").GetString();
        return joined;
    }

    /// <summary>Joins with a token of an earlier join, by default the last one; whether its session goes on.</summary>
    public async Task<bool> Resume(string? jtoken = null)
    {
        var joined = await Ask("join", new { clientId = ClientId, pin = Pin, jtoken = jtoken ?? Jtoken });
        Jtoken = joined.GetProperty("jtoken").GetString();
        return joined.GetProperty("resume").GetBoolean();
    }

    /// <summary>Offers, and returns the answer's SDP.</summary>
    public async Task<string> Offer() =>
        (await Ask("offer", new { sdp = new { type = "offer", sdp = Sdp.Offer() } })).GetProperty("sdp").GetProperty("sdp").GetString()!;

    /// <summary>The parameters of each such notification so far.</summary>
    public IReadOnlyList<JsonElement> Heard(string method) => [.. heard.Where(one => one.Method == method).Select(one => one.Params)];

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await Closed;
        peer.Dispose();
        stop.Dispose();
    }
}
