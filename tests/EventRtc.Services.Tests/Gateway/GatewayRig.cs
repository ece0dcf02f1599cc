using System.Net.Http.Json;
using System.Text.Json;
using EventRtc.Contracts.Tokens;
using EventRtc.Domain;
using EventRtc.Local;
using EventRtc.Local.Servers;
using EventRtc.Projections;
using EventRtc.Services.Tests.Janus;
using EventRtc.Visitors;

namespace EventRtc.Services.Tests.Gateway;

/// <summary>The gateway as the process that it is, with a real Janus and its worker, and the real users service.</summary>
public sealed class GatewayRig : JanusRig
{
    internal const string Pin = "123456";
    internal const string Secret = "the secret of these tests, long enough";

    private readonly HttpClient http = new();
    internal ServiceProcess Users { get; private set; } = null!;

    internal ServiceProcess Gateway { get; private set; } = null!;

    private RoomTokens Tokens { get; } = new(new JwtOptions { Secret = Secret }, TimeProvider.System);

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Users = await StartService("users", "services/Users/EventRtc.Users", new(StringComparer.Ordinal) { ["JWT_SECRET"] = Secret });
        Gateway = await StartGateway("gateway-1");
    }

    /// <summary>One more gateway; whoever starts it ends it.</summary>
    internal Task<ServiceProcess> StartGateway(string id, params (string Name, string? Value)[] more)
    {
        var variables = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["JWT_SECRET"] = Secret,
            ["JANUS_TOKEN_KEY"] = new string('7', 64),
            ["GATEWAY_ID"] = id,
            ["GATEWAY_JANUS_TIMEOUT"] = "1s",
            ["LIMIT_HANDSHAKES_PER_SECOND"] = "1000",
            ["LIMIT_RECONNECTS_PER_SECOND"] = "100",
            ["LIMIT_JOINS_PER_SECOND"] = "100",
        };
        foreach (var (name, value) in more)
            variables[name] = value;
        return StartService(id, "services/Gateway/EventRtc.Gateway", variables);
    }

    public override async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Users.DisposeAsync();
        http.Dispose();
        await base.DisposeAsync();
    }

    /// <summary>A room that is on air with a Janus room.</summary>
    internal async Task<RoomId> OnAir()
    {
        var room = NewRoom();
        await StartLive(room);
        await HasJanusRoom(room);
        return room;
    }

    /// <summary>And the gateways see it: etcd shows it.</summary>
    internal Task HasJanusRoom(RoomId room, long otherThan = 0) => Eventually.True(
        async () => await Etcd.Get(new ViewKeys().Janus(room)) is { } shown && JsonSerializer.Deserialize<JanusView>(shown.Value.Span, DomainJson.Options)!.JanusRoomId != otherThan,
        Patience, $"{room} has a Janus room");

    /// <summary>Admits a user to the room and issues its token, as the users service would.</summary>
    internal async Task<(UserId User, string Token)> Admit(RoomId room, Role role = Role.Anchor)
    {
        var user = new UserId(Guid.NewGuid());
        await Rooms.Do(new RoomCommand.AdmitAnchor(room, user, role, RoomsInMemory.Now));
        return (user, TokenOf(room, user, role));
    }

    /// <summary>A good token of somebody who may never have been admitted.</summary>
    internal string TokenOf(RoomId room, UserId user, Role role = Role.Anchor) => Tokens.ForMember(room, user, role, RoomsInMemory.Now);

    internal Uri Address(string? token, string more = "", ServiceProcess? gateway = null) =>
        new($"ws://{(gateway ?? Gateway).Address}/ws?{(token is null ? "" : $"token={token}")}{more}");

    /// <summary>The next connection of the same tab.</summary>
    internal Task<GatewayClient> Reconnect(RoomId room, GatewayClient earlier, ServiceProcess? gateway = null) =>
        GatewayClient.Connect(Address(TokenOf(room, earlier.User), gateway: gateway), earlier);

    /// <summary>Who holds the user's place in the room, as Redis has it.</summary>
    internal async Task<string?> Holder(RoomId room, UserId user) => (string?)await RedisCalls.StringGetAsync($"rtcus:c:{room}:{user}");

    /// <summary>A new visitor's open connection, not yet joined.</summary>
    internal async Task<GatewayClient> Connect(RoomId room, Role role = Role.Anchor)
    {
        var (user, token) = await Admit(room, role);
        return await GatewayClient.Connect(Address(token), user);
    }

    /// <summary>A new visitor that has joined.</summary>
    internal async Task<GatewayClient> Join(RoomId room, Role role = Role.Anchor)
    {
        var client = await Connect(room, role);
        await client.Join();
        return client;
    }

    /// <summary>Display names, which are user ids, and whether each is muted, of who is in the AudioBridge room.</summary>
    internal async Task<IReadOnlyDictionary<string, bool>> Participants(RoomId room)
    {
        var listed = await Admin(new
        {
            janus = "message_plugin",
            plugin = "janus.plugin.audiobridge",
            request = new { request = "listparticipants", room = Rooms.Views(room).Janus!.JanusRoomId },
        });
        return listed.GetProperty("response").GetProperty("participants").EnumerateArray()
            .ToDictionary(one => one.GetProperty("display").GetString()!, one => one.GetProperty("muted").GetBoolean(), StringComparer.Ordinal);
    }

    /// <summary>Exactly these; Janus throws a ghost out a moment after it said so.</summary>
    internal Task HasParticipants(RoomId room, params UserId[] users) => Eventually.True(
        async () => (await Participants(room)).Keys.ToHashSet(StringComparer.Ordinal).SetEquals(users.Select(user => user.Value)), Patience, $"{users.Length} participants are in {room}");

    internal async Task<int> JanusSessions() => (await Admin(new { janus = "list_sessions" })).GetProperty("sessions").GetArrayLength();

    private async Task<JsonElement> Admin(object request)
    {
        var fields = JsonSerializer.SerializeToNode(request)!.AsObject();
        fields["transaction"] = "test";
        fields["admin_secret"] = Server.AdminSecret;
        using var answer = await http.PostAsJsonAsync(Server.AdminUrl, fields);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }
}
