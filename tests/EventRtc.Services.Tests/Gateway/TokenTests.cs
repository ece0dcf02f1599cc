using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using EventRtc.Contracts.Tokens;
using EventRtc.Domain;
using EventRtc.Visitors;
using Xunit;

namespace EventRtc.Services.Tests.Gateway;

/// <summary>Who is let through to the gateway's methods at all, and what frames do no harm.</summary>
public sealed class TokenTests(GatewayRig rig) : IClassFixture<GatewayRig>
{
    private static readonly RoomId Room = new("some-room");
    private static readonly UserId User = new(Guid.NewGuid());
    private static readonly long Now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    public static TheoryData<string, string, string?> BadTokens => new()
    {
        { "none", "token_missing", null },
        { "empty", "token_missing", "" },
        { "nonsense", "token_invalid", "nonsense" },
        { "expired", "token_expired", Signed(new { userID = User, roomID = Room, role = "anchor", iat = Now - 3600, exp = Now - 31 }) },
        { "without an end", "token_invalid", Signed(new { userID = User, roomID = Room, role = "anchor", iat = Now }) },
        { "another secret", "token_invalid", Jwt.Sign(new { userID = User, roomID = Room, role = "anchor", exp = Now + 60 }, new JwtKey("another secret, just as long as ours")) },
        { "no algorithm", "token_invalid", Unsigned("""{"alg":"none"}""") },
        { "another algorithm", "token_invalid", Unsigned("""{"alg":"HS512"}""") },
        { "a listener's", "role_insufficient", Signed(new { roomID = Room, iat = Now, exp = Now + 60 }) },
        { "no room's", "token_invalid", Signed(new { userID = User, role = "anchor", exp = Now + 60 }) },
        { "an unknown role's", "token_invalid", Signed(new { userID = User, roomID = Room, role = "boss", exp = Now + 60 }) },
    };

    [Theory, MemberData(nameof(BadTokens))]
    public async Task A_connection_without_a_good_token_is_closed_4001(string what, string code, string? token)
    {
        Assert.NotEqual("", what);
        await using var visitor = await GatewayClient.Connect(rig.Address(token), User);

        Assert.Equal((4001, code, false), await visitor.IsClosed());
    }

    [Fact]
    public async Task A_token_is_good_for_its_own_room_only()
    {
        var token = rig.TokenOf(Room, User);
        await using var other = await GatewayClient.Connect(rig.Address(token, "&room=other-room"), User);
        await using var own = await GatewayClient.Connect(rig.Address(token, $"&room={Room}"), User);

        Assert.Equal(4001, (await other.Closed).Code);
        Assert.Equal("room_not_found", (await own.Refused("join", new { clientId = own.ClientId })).Reason);
    }

    [Fact]
    public async Task A_token_may_come_in_a_header()
    {
        await using var good = await GatewayClient.Connect(rig.Address(token: null), User, bearer: rig.TokenOf(Room, User));
        await using var bad = await GatewayClient.Connect(rig.Address(token: null), User, bearer: "nonsense");

        Assert.Equal("room_not_found", (await good.Refused("join", new { clientId = good.ClientId })).Reason);
        Assert.Equal(4001, (await bad.Closed).Code);
    }

    [Fact]
    public async Task A_plain_HTTP_request_is_told_to_upgrade()
    {
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri(rig.Gateway.Url, "/ws?token=x"));

        var error = JsonElement.Parse(await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal((HttpStatusCode.UpgradeRequired, "websocket_expected"), (answer.StatusCode, error.GetProperty("code").GetString()));
        Assert.Equal("websocket", Assert.Single(answer.Headers.Upgrade).Name);
        Assert.False(error.GetProperty("success").GetBoolean());
    }

    [Fact]
    public async Task Malformed_and_oversized_frames_are_answered_and_the_connection_lives()
    {
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(rig.Address(rig.TokenOf(Room, User)), CancellationToken.None);

        Assert.Equal(-32700, await Code(socket, "{nonsense"));
        Assert.Equal(-32600, await Code(socket, "[]"));
        Assert.Equal(-32600, await Code(socket, """{"jsonrpc":"2.0","method":"join","params":7,"id":1}"""));
        Assert.Equal(-32600, await Code(socket, new string('x', 70_000)));
        Assert.Equal(-32601, await Code(socket, """{"jsonrpc":"2.0","method":"nowhere","id":1}"""));
        Assert.Equal(-32602, await Code(socket, """{"jsonrpc":"2.0","method":"join","id":1}"""));
        Assert.Equal(-32004, await Code(socket, """{"jsonrpc":"2.0","method":"join","params":{"clientId":"6f1c1f0e-4f63-4c6e-9a43-2f6d1f3f4a51"},"id":1}"""));
    }

    private static async Task<int> Code(ClientWebSocket socket, string frame)
    {
        await socket.SendAsync(Encoding.UTF8.GetBytes(frame), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        var buffer = new byte[4096];
        var read = await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None).AsTask().WaitAsync(WorkerRig.Patience);
        return JsonElement.Parse(buffer.AsSpan(0, read.Count)).GetProperty("error").GetProperty("code").GetInt32();
    }

    private static string Signed<T>(T claims) => Jwt.Sign(claims, new JwtKey(GatewayRig.Secret));

    /// <summary>A good token's payload and signature under another header.</summary>
    private static string Unsigned(string header)
    {
        var good = Signed(new { userID = User, roomID = Room, role = "anchor", exp = Now + 60 }).Split('.');
        return $"{System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.{good[1]}.{good[2]}";
    }
}
