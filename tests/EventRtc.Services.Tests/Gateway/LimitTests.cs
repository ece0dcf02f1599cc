using System.Net.WebSockets;
using System.Text.Json;
using EventRtc.Domain;
using EventRtc.JsonRpc;
using EventRtc.JsonRpc.WebSockets;
using EventRtc.Local.Servers;
using EventRtc.Visitors;
using Xunit;

namespace EventRtc.Services.Tests.Gateway;

/// <summary>What one visitor, one room and one address may ask of a gateway. This gateway's limits are low.</summary>
public sealed class LimitTests(GatewayRig rig) : IClassFixture<GatewayRig>, IAsyncLifetime
{
    private ServiceProcess strict = null!;

    public async ValueTask InitializeAsync() => strict = await rig.StartGateway(
        "gateway-2",
        ("LIMIT_MESSAGE_BURST", "10"), ("LIMIT_MESSAGES_PER_SECOND", "5"), ("LIMIT_REFUSAL_BURST", "20"),
        ("LIMIT_JOIN_BURST", "3"), ("LIMIT_JOINS_PER_SECOND", "1"), ("LIMIT_RECONNECT_BURST", "4"), ("LIMIT_RECONNECTS_PER_SECOND", "1"),
        ("LIMIT_CONNECTIONS_PER_ROOM", "3"), ("LIMIT_CONNECTIONS_PER_IP", "6"), ("GATEWAY_ALLOWED_ORIGINS", "https://studio.example"), ("GATEWAY_RECONNECT_RATE", "1"));

    public ValueTask DisposeAsync() => strict.DisposeAsync();

    [Fact]
    public async Task Too_many_messages_are_refused_and_told_when_to_come_again()
    {
        await using var visitor = await Connect(WorkerRig.NewRoom());

        var refused = await UntilTooMany(visitor);

        Assert.Equal((RpcErrors.TooMany, "too_many_messages", true), (refused.Code, refused.Reason, refused.Retryable));
        Assert.InRange(refused.ErrorData!.Value.GetProperty("retryAfterMs").GetInt32(), 1, 1000);
        await Task.Delay(TimeSpan.FromSeconds(1)); // what the refusal asks for
        Assert.Equal("not_joined", (await visitor.Refused("keepalive", new { status = "idle" })).Reason);
    }

    [Fact]
    public async Task Who_goes_on_all_the_same_is_closed()
    {
        await using var visitor = await Connect(WorkerRig.NewRoom());
        await UntilTooMany(visitor);

        var flood = Enumerable.Range(0, 60).Select(_ => visitor.Ask("keepalive", new { status = "idle" })).ToList();

        Assert.Equal((4029, "too_many_messages", true), await visitor.IsClosed());
        await Assert.ThrowsAnyAsync<Exception>(() => Task.WhenAll(flood));
    }

    [Fact]
    public async Task Malformed_messages_count_as_well()
    {
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(rig.Address(rig.TokenOf(WorkerRig.NewRoom(), new UserId(Guid.NewGuid())), gateway: strict), CancellationToken.None);
        for (var i = 0; i < 100; i++)
            await socket.SendAsync("{nonsense"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

        var buffer = new byte[4096];
        while ((await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None).AsTask().WaitAsync(WorkerRig.Patience)).MessageType is not WebSocketMessageType.Close)
            continue;

        Assert.Equal(4029, (int)socket.CloseStatus!);
    }

    [Fact]
    public async Task Too_many_joins_are_refused()
    {
        await using var visitor = await Connect(WorkerRig.NewRoom());
        for (var i = 0; i < 3; i++)
            Assert.Equal("room_not_found", (await Join(visitor)).Reason);

        var refused = await Join(visitor);

        Assert.Equal((RpcErrors.TooMany, "too_many_joins", true), (refused.Code, refused.Reason, refused.Retryable));
        Assert.InRange(refused.ErrorData!.Value.GetProperty("retryAfterMs").GetInt32(), 1, 1000);
    }

    [Fact]
    public async Task Too_many_connections_of_a_user_one_after_the_other_are_closed()
    {
        var (room, user) = (WorkerRig.NewRoom(), new UserId(Guid.NewGuid()));
        for (var i = 0; i < 4; i++)
            await (await Connect(room, user)).DisposeAsync();

        await using var fifth = await Connect(room, user);

        Assert.Equal((4029, "too_many_reconnects", true), await fifth.IsClosed());
        Assert.InRange(HintOf(await fifth.Closed), 1, 1000);
    }

    [Fact]
    public async Task A_room_and_an_address_have_so_many_connections_and_no_more()
    {
        var room = WorkerRig.NewRoom();
        var inRoom = new List<GatewayClient> { await Connect(room), await Connect(room), await Connect(room) };
        await using (var fourth = await Connect(room))
            Assert.Equal((4029, "too_many_in_room", true), await fourth.IsClosed());
        inRoom.AddRange([await Connect(WorkerRig.NewRoom()), await Connect(WorkerRig.NewRoom()), await Connect(WorkerRig.NewRoom())]);
        await using (var seventh = await Connect(WorkerRig.NewRoom()))
            Assert.Equal((4029, "too_many_connections", true), await seventh.IsClosed());

        foreach (var one in inRoom)
            await one.DisposeAsync();
        await using var next = await Connect(room);
        Assert.Equal("room_not_found", (await Join(next)).Reason);
    }

    [Fact]
    public async Task Addresses_are_those_that_the_proxy_names()
    {
        for (var i = 0; i < 12; i++)
        {
            using var socket = new ClientWebSocket();
            socket.Options.SetRequestHeader("X-Forwarded-For", $"192.0.2.{i}");
            await socket.ConnectAsync(rig.Address(rig.TokenOf(WorkerRig.NewRoom(), new UserId(Guid.NewGuid())), gateway: strict), CancellationToken.None);
            Assert.Equal(WebSocketState.Open, socket.State);
        }
    }

    [Fact]
    public async Task Only_a_proxy_that_is_trusted_is_believed()
    {
        await using var elsewhere = await rig.StartGateway("gateway-3", ("GATEWAY_TRUSTED_PROXIES", "192.0.2.1"), ("LIMIT_CONNECTIONS_PER_IP", "2"));
        var sockets = new List<ClientWebSocket>();
        for (var i = 0; i < 3; i++)
        {
            sockets.Add(new ClientWebSocket());
            sockets[i].Options.SetRequestHeader("X-Forwarded-For", $"198.51.100.{i}");
            await sockets[i].ConnectAsync(rig.Address(rig.TokenOf(WorkerRig.NewRoom(), new UserId(Guid.NewGuid())), gateway: elsewhere), CancellationToken.None);
        }

        await sockets[2].ReceiveAsync(new byte[1024].AsMemory(), CancellationToken.None).AsTask().WaitAsync(WorkerRig.Patience);

        Assert.Equal(4029, (int?)sockets[2].CloseStatus);
        foreach (var socket in sockets)
            socket.Dispose();
    }

    [Theory]
    [InlineData("https://studio.example", true)]
    [InlineData("https://elsewhere.example", false)]
    [InlineData("https://STUDIO.example", true)]
    [InlineData("https://studio.example.elsewhere", false)]
    [InlineData(null, true)]
    public async Task Pages_of_other_origins_cannot_connect(string? origin, bool allowed)
    {
        using var socket = new ClientWebSocket();
        if (origin is not null)
            socket.Options.SetRequestHeader("Origin", origin);
        var connecting = socket.ConnectAsync(rig.Address(rig.TokenOf(WorkerRig.NewRoom(), new UserId(Guid.NewGuid())), gateway: strict), CancellationToken.None);

        if (allowed)
            await connecting;
        else
            await Assert.ThrowsAsync<WebSocketException>(() => connecting);
    }

    [Fact]
    public async Task Who_comes_from_another_origin_is_told_so()
    {
        using var http = new HttpClient();
        using var handshake = new HttpRequestMessage(HttpMethod.Get, new Uri(strict.Url, "/ws?token=x"));
        foreach (var (name, value) in ((string, string)[])[("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"), ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="), ("Origin", "https://elsewhere.example")])
            handshake.Headers.Add(name, value);

        using var answer = await http.SendAsync(handshake);

        var error = JsonElement.Parse(await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal((403, "origin_not_allowed", false), ((int)answer.StatusCode, error.GetProperty("code").GetString(), error.GetProperty("retryable").GetBoolean()));
        Assert.Contains("origin", error.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gateway_that_stops_spreads_the_return_of_its_clients()
    {
        var visitors = new List<GatewayClient>();
        for (var i = 0; i < 6; i++)
            visitors.Add(await Connect(WorkerRig.NewRoom()));

        await strict.Stop();

        var hints = await Task.WhenAll(visitors.Select(async visitor => HintOf(await visitor.Closed)));
        Assert.All(hints, hint => Assert.InRange(hint, 0, 6000)); // six clients at one a second
        Assert.Equal(6, hints.Distinct().Count());
        Assert.All(await Task.WhenAll(visitors.Select(visitor => visitor.IsClosed())), end => Assert.Equal((1012, "restart", true), end));
    }

    private Task<GatewayClient> Connect(RoomId room, UserId? user = null)
    {
        var who = user ?? new UserId(Guid.NewGuid());
        return GatewayClient.Connect(rig.Address(rig.TokenOf(room, who), gateway: strict), who);
    }

    private static async Task<RpcException> UntilTooMany(GatewayClient visitor)
    {
        for (var i = 0; i < 50; i++)
            if (await visitor.Refused("keepalive", new { status = "idle" }) is { Code: RpcErrors.TooMany } refused)
                return refused;
        throw new InvalidOperationException("There is no limit.");
    }

    private static Task<RpcException> Join(GatewayClient visitor) => visitor.Refused("join", new { clientId = visitor.ClientId, pin = GatewayRig.Pin });

    private static int HintOf(PeerClosed end) => JsonElement.Parse(end.Reason).GetProperty("retryAfterMs").GetInt32();
}
