using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;
using EventRtc.Domain;
using EventRtc.JsonRpc;
using EventRtc.JsonRpc.WebSockets;
using EventRtc.Local;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventRtc.Services.Tests.Gateway;

/// <summary>A visitor at the gateway: a browser without its media.</summary>
internal sealed class GatewayClient : IAsyncDisposable
{
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

    /// <summary>How the gateway ended it: close code, reason code, and whether another try can help.</summary>
    public async Task<(int Code, string? Why, bool Retryable)> IsClosed()
    {
        var end = await Closed.WaitAsync(WorkerRig.Patience);
        var why = end.Reason.StartsWith('{') ? JsonSerializer.Deserialize<RpcErrorData>(end.Reason, JsonSerializerOptions.Web) : null;
        return (end.Code, why?.Code, why?.Retryable ?? false);
    }

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

    public Task<JsonElement> Ask(string method, object? given = null) => peer.Request<JsonElement>(method, given);

    public async Task<RpcException> Refused(string method, object? given = null) => await Xunit.Assert.ThrowsAsync<RpcException>(() => Ask(method, given));

    public async Task<JsonElement> Join(string? pin = GatewayRig.Pin)
    {
        var joined = await Ask("join", new { clientId = ClientId, pin });
        Jtoken = joined.GetProperty("jtoken").GetString();
        return joined;
    }

    /// <summary>Joins with a token of an earlier join, by default the last one; whether its session goes on.</summary>
    public async Task<bool> Resume(string? jtoken = null)
    {
        var joined = await Ask("join", new { clientId = ClientId, pin = GatewayRig.Pin, jtoken = jtoken ?? Jtoken });
        Jtoken = joined.GetProperty("jtoken").GetString();
        return joined.GetProperty("resume").GetBoolean();
    }

    /// <summary>Offers, and returns the answer's SDP.</summary>
    public async Task<string> Offer()
    {
        var answer = (await Ask("offer", new { sdp = new { type = "offer", sdp = Sdp.Offer() } })).GetProperty("sdp");
        Xunit.Assert.Equal("answer", answer.GetProperty("type").GetString());
        return answer.GetProperty("sdp").GetString()!;
    }

    public IReadOnlyList<JsonElement> Heard(string method) => [.. heard.Where(one => one.Method == method).Select(one => one.Params)];

    public async Task<JsonElement> Hears(string method, Func<JsonElement, bool>? such = null)
    {
        await Eventually.True(() => Heard(method).Any(such ?? (_ => true)), WorkerRig.Patience, $"the client hears {method}");
        return Heard(method).Last(such ?? (_ => true));
    }

    /// <summary>User ids and what they do, as last told.</summary>
    public IReadOnlyDictionary<string, string> Members() => Heard("roomStatus") is [.., var last]
        ? last.GetProperty("members").EnumerateArray().ToDictionary(m => m.GetProperty("userId").GetString()!, m => m.GetProperty("status").GetString()!, StringComparer.Ordinal)
        : new Dictionary<string, string>();

    public Task SeesMembers(params (UserId User, string Status)[] members) => Eventually.True(
        () => Members().OrderBy(m => m.Key, StringComparer.Ordinal).SequenceEqual(
            members.Select(m => KeyValuePair.Create(m.User.Value, m.Status)).OrderBy(m => m.Key, StringComparer.Ordinal)),
        WorkerRig.Patience, $"the client sees {members.Length} members");

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await Closed;
        peer.Dispose();
        stop.Dispose();
    }
}
