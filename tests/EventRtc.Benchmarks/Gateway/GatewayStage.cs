using System.Text.Json;
using EventRtc.Contracts.Clients;
using EventRtc.Contracts.Tokens;
using EventRtc.Domain;
using EventRtc.Etcd;
using EventRtc.JsonRpc.Redis;
using EventRtc.Local;
using EventRtc.Local.Servers;
using EventRtc.Projections;
using EventRtc.Streams;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventRtc.Benchmarks.Gateway;

/// <summary>One gateway process with the real rooms, users and projector services, and a simulated Janus.</summary>
internal sealed class GatewayStage : IAsyncDisposable
{
    private static readonly ModuleId Module = new("bench");

    private readonly Deployment deployment;
    private readonly SimulatedJanus janus;
    private readonly EtcdClient etcd;
    private readonly RedisClient redis;
    private readonly CancellationTokenSource stop = new();
    private readonly RoomsClient rooms;
    private readonly RoomTokens tokens;
    private readonly Task answers;

    private GatewayStage(Deployment deployment, SimulatedJanus janus, ServiceProcess gateway, EtcdClient etcd)
    {
        (this.deployment, this.janus, this.etcd, Gateway) = (deployment, janus, etcd, gateway);
        redis = new RedisClient(new RedisOptions { Address = deployment.Redis.Address }, NullLogger<RedisClient>.Instance);
        var rpc = new RedisRpcClient(
            redis, "bench", new RedisRpcClientOptions { Timeout = TimeSpan.FromSeconds(30) }, NullLogger<RedisRpcClient>.Instance, TimeProvider.System, DomainJson.Options);
        rooms = new RoomsClient(rpc);
        tokens = new RoomTokens(new JwtOptions { Secret = deployment.Secrets.Jwt }, TimeProvider.System);
        answers = rpc.Run(stop.Token);
    }

    public ServiceProcess Gateway { get; }

    /// <summary>Memory of the gateway's process that is in RAM, in bytes.</summary>
    public long Resident => long.Parse(
        File.ReadLines($"/proc/{Gateway.ProcessId}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        System.Globalization.CultureInfo.InvariantCulture) * 1024;

    public static async Task<GatewayStage> Start(string folder, CancellationToken ct)
    {
        var servers = await Deployment.Start(
            folder, DeploymentPorts.Free(), part: all => [all.Postgres, all.Redis, all.Etcd, all.Projector, all.Rooms, all.Users], ct: ct);
        var simulated = await SimulatedJanus.Start();
        var keys = new EtcdClient(new EtcdOptions { Endpoints = [servers.Etcd.Address] }, NullLogger<EtcdClient>.Instance);
        foreach (var prefix in (string[])[ModuleKeys.JanusPrefix, ModuleKeys.MixerPrefix])
            await keys.Put(
                new ModuleKeys(prefix).Heartbeat(Module),
                JsonSerializer.SerializeToUtf8Bytes(new Heartbeat(Heartbeat.Healthy, "127.0.0.1", 100_000, 0, TimeProvider.System.GetUtcNow(), $"{simulated.Address}"), DomainJson.Options), ct: ct);
        var gateway = servers.Gateways[0].Replica(
            "bench-gateway", ("LIMIT_CONNECTIONS_PER_IP", "100000"), ("LIMIT_HANDSHAKES_PER_SECOND", "100000"), ("LIMIT_HANDSHAKE_BURST", "100000"),
            ("LIMIT_JOIN_BURST", "1000"), ("LIMIT_RECONNECT_BURST", "1000"));
        await gateway.Start(ct);
        return new GatewayStage(servers, simulated, gateway, keys);
    }

    /// <summary>A room on air, and seats for its anchors.</summary>
    public async Task<IReadOnlyList<(UserId User, Uri Address)>> OpenRoom(RoomId room, int anchors, HttpClient http, CancellationToken ct)
    {
        using var created = await System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync(
            http, new Uri(deployment.Rooms.Url, "/api/rooms"), new { roomId = room.Value, pin = Visitors.GatewayClient.Pin, maxAnchors = anchors, start = true }, ct);
        created.EnsureSuccessStatusCode();
        var nonce = await NonceOf(room, ct);
        await rooms.Send(new RoomCommand.ReportJanusRoom(room, Module, nonce, 1, TimeProvider.System.GetUtcNow()), ct);
        var seats = new List<(UserId, Uri)>();
        for (var i = 0; i < anchors; i++)
        {
            var user = new UserId(Guid.NewGuid());
            var admission = await rooms.Admit(new RoomCommand.AdmitAnchor(room, user, Role.Anchor, TimeProvider.System.GetUtcNow()), Guid.NewGuid(), ct);
            seats.Add((user, new Uri($"ws://{Gateway.Address}/ws?token={tokens.ForMember(room, user, Role.Anchor, admission.At)}")));
        }
        return seats;
    }

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await stop.CancelAsync();
        await answers.ContinueWith(_ => { }, TaskScheduler.Default);
        await redis.DisposeAsync();
        await etcd.DisposeAsync();
        await janus.DisposeAsync();
        await deployment.DisposeAsync();
        stop.Dispose();
    }

    private async Task<string> NonceOf(RoomId room, CancellationToken ct)
    {
        var live = await Eventually.Value(
            async () => await etcd.Get(new ViewKeys().Live(room), ct) is { } found ? JsonSerializer.Deserialize<LiveMeta>(found.Value.Span, DomainJson.Options) : null, TimeSpan.FromSeconds(10), $"{room} is on air");
        return live.Nonce;
    }
}
