using System.Text;
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
using Xunit;

namespace EventRtc.Services.Tests;

/// <summary>
/// Rooms, users and projector as processes on real servers. The modules are a heartbeat in etcd and whatever reports a test sends: what a Janus or a mixer
/// really does is tried elsewhere. One for all tests of the collection, which run one after another and use rooms of their own.
/// </summary>
public sealed class ControlPlane : IAsyncLifetime
{
    /// <summary>Longer than anything here should take on a busy machine.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    internal static readonly ModuleId Janus = new("janus-1");
    internal static readonly ModuleId Mixer = new("mixer-1");

    private const string HousekeepingKey = "/leaders/rooms/housekeeping";

    private static readonly Heartbeat Healthy = new(Heartbeat.Healthy, "test", Capacity: 1000, Streams: 0, DateTimeOffset.UnixEpoch);

    private readonly DirectoryInfo folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"eventrtc-{Guid.NewGuid():N}"));
    private readonly ModuleKeys januses = new(ModuleKeys.JanusPrefix);
    private readonly ModuleKeys mixers = new(ModuleKeys.MixerPrefix);
    private readonly CancellationTokenSource stop = new();
    private readonly List<ServiceProcess> replicas = [];
    private Task replies = Task.CompletedTask;

    public Deployment Deployment { get; private set; } = null!;

    internal Api Rooms { get; private set; } = null!;

    internal Api Users { get; private set; } = null!;

    internal Api Projector { get; private set; } = null!;

    internal EtcdClient Etcd { get; private set; } = null!;

    internal RedisClient Redis { get; private set; } = null!;

    /// <summary>Reports as workers send them.</summary>
    internal RoomsClient Reports { get; private set; } = null!;

    /// <summary>Calls as a gateway makes them.</summary>
    internal UsersClient Presence { get; private set; } = null!;

    /// <summary>Reads and makes tokens with the deployment's own secret.</summary>
    internal RoomTokens Tokens { get; private set; } = null!;

    /// <summary>Likewise for operators and auditors.</summary>
    internal StaffTokens Staff { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Deployment = await Deployment.Start(folder.FullName, DeploymentPorts.Free(), part: d => [d.Postgres, d.Redis, d.Etcd, d.Rooms, d.Users, d.Projector]);
        Rooms = new Api(Deployment.Rooms.Url);
        Users = new Api(Deployment.Users.Url);
        Projector = new Api(Deployment.Projector.Url);
        Etcd = new EtcdClient(new EtcdOptions { Endpoints = [Deployment.Etcd.Address] }, NullLogger<EtcdClient>.Instance);
        Redis = new RedisClient(new RedisOptions { Address = Deployment.Redis.Address }, NullLogger<RedisClient>.Instance);
        var jwt = new JwtOptions { Secret = Deployment.Secrets.Jwt };
        Tokens = new RoomTokens(jwt, TimeProvider.System);
        Staff = new StaffTokens(jwt, TimeProvider.System);

        var rpc = new RedisRpcClient(Redis, "test", new RedisRpcClientOptions { Timeout = Patience }, NullLogger<RedisRpcClient>.Instance, TimeProvider.System, DomainJson.Options);
        Reports = new RoomsClient(rpc);
        Presence = new UsersClient(rpc);
        replies = Task.Run(() => KeepReading(rpc));
        await LetNobodyKeepHouse();
        await OfferModules();
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await replies;
        foreach (var replica in replicas)
            await replica.DisposeAsync();
        await Deployment.DisposeAsync();
        await Redis.DisposeAsync();
        await Etcd.DisposeAsync();
        Rooms.Dispose();
        Users.Dispose();
        Projector.Dispose();
        stop.Dispose();
        folder.Delete(recursive: true);
    }

    /// <summary>A room id that no other test uses.</summary>
    internal static string NewRoom() => $"r-{Guid.NewGuid():N}"[..20];

    /// <summary>Another process of a service, stopped at the end at the latest.</summary>
    internal ServiceProcess Replica(ServiceProcess of, params (string Name, string? Value)[] changes)
    {
        var replica = of.Replica($"{of.Name}-{replicas.Count + 2}", changes);
        replicas.Add(replica);
        return replica;
    }

    /// <summary>Makes one of the rooms processes keep house.</summary>
    internal Task LetKeepHouse(ServiceProcess rooms) => Eventually.True(
        async () =>
        {
            if (await Etcd.Get(HousekeepingKey) is not { } leader)
                return false;
            if (Encoding.UTF8.GetString(leader.Value.Span).EndsWith($":{rooms.Port}", StringComparison.Ordinal))
                return true;
            await Etcd.Delete(HousekeepingKey);
            return false;
        },
        Patience,
        "it keeps house");

    /// <summary>Rooms and modules are as the tests put them: nobody moves rooms, ends them, or marks what is drained.</summary>
    internal Task LetNobodyKeepHouse() => Eventually.True(
        async () =>
        {
            await Etcd.Delete(HousekeepingKey);
            return (await Etcd.Commit(new Txn().If(Compare.Absent(HousekeepingKey)).Then(Op.Put(HousekeepingKey, "nobody"u8.ToArray())))).Succeeded;
        },
        Patience,
        "nobody keeps house");

    /// <summary>A Janus and a mixer with room for all.</summary>
    internal async Task OfferModules()
    {
        await Beat(Healthy, Healthy);
        await Eventually.True(CanStart, Patience, "a room can be started");
    }

    /// <summary>Says what the Janus and the mixer say of themselves; null: they are gone. Returns when the rooms service knows.</summary>
    internal async Task WithdrawModules(Heartbeat? janus = null, Heartbeat? mixer = null)
    {
        await Beat(janus, mixer);
        await Eventually.True(async () => !await CanStart(), Patience, "no room can be started");
    }

    /// <summary>A room as its creator gets it.</summary>
    internal async Task<string> Create(object? fields = null)
    {
        var answer = await Rooms.Post("/api/rooms", fields ?? new { roomId = NewRoom() });
        Assert.Equal(201, answer.Status);
        return answer.Room.Text("roomId");
    }

    /// <summary>A room whose Janus and mixer are said to have done all their work.</summary>
    internal async Task<string> CreateForwarding()
    {
        var id = await Create(new { roomId = NewRoom(), pin = "abc123", start = true });
        var (room, nonce) = (new RoomId(id), await NonceOf(id));
        await Reports.Send(new RoomCommand.ReportJanusRoom(room, Janus, nonce, 9_007_199_254_740_993, default), CancellationToken.None);
        await Reports.Send(new RoomCommand.ReportMixerPort(room, Mixer, nonce, "127.0.0.1", 5004, 3001, default), CancellationToken.None);
        await Reports.Send(new RoomCommand.ReportForwarding(room, Janus, 9_007_199_254_740_993, "127.0.0.1", 5004, default), CancellationToken.None);
        return id;
    }

    /// <summary>Both modules let go of a room that is being removed.</summary>
    internal async Task LetGo(string id)
    {
        await Reports.Send(new RoomCommand.ReportJanusRoomDestroyed(new RoomId(id), Janus, default), CancellationToken.None);
        await Reports.Send(new RoomCommand.ReportMixerReleased(new RoomId(id), Mixer, default), CancellationToken.None);
    }

    /// <summary>Workers learn it from the view, and nobody else does.</summary>
    internal async Task<string> NonceOf(string id) => (await Eventually.Value(() => ViewOf<LiveMeta>(new ViewKeys().Live(new RoomId(id))), Patience, "the projector shows the live session")).Nonce;

    internal async Task<T?> ViewOf<T>(string key) where T : class =>
        await Etcd.Get(key) is { } found ? JsonSerializer.Deserialize<T>(found.Value.Span, DomainJson.Options) : null;

    /// <summary>A room's events, oldest first.</summary>
    internal async Task<IReadOnlyList<JsonElement>> History(string id) => (await Rooms.Get($"/api/rooms/{id}/history")).Body.Items("events");

    /// <summary>The names of a room's events, oldest first.</summary>
    internal async Task<IReadOnlyList<string>> Steps(string id) => [.. (await History(id)).Select(happened => happened.Text("type"))];

    /// <summary>A new user of the room, by REST.</summary>
    internal async Task<(UserId User, string Token)> Admit(string id, string role = "anchor")
    {
        var answer = await Users.Post($"/api/rooms/{id}/users", new { role });
        Assert.Equal(200, answer.Status);
        return (new UserId(answer.Body.Text("userID")), answer.Body.Text("token"));
    }

    internal string StaffToken(StaffRole role, string name = "ann") => Staff.For(role, name, TimeSpan.FromMinutes(5));

    private async Task Beat(Heartbeat? janus, Heartbeat? mixer)
    {
        await Beat(januses.Heartbeat(Janus), janus);
        await Beat(mixers.Heartbeat(Mixer), mixer);
    }

    private Task<long> Beat(string key, Heartbeat? beat) =>
        beat is null ? Etcd.Delete(key) : Etcd.Put(key, JsonSerializer.SerializeToUtf8Bytes(beat, DomainJson.Options));

    private async Task<bool> CanStart() => (await Rooms.Post("/api/rooms", new { start = true })).Status == 201;

    private async Task KeepReading(RedisRpcClient rpc)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await rpc.Run(stop.Token);
            }
            catch (Exception failure) when (failure is RedisException or OperationCanceledException)
            {
                await Task.Delay(50); // a test has stopped Redis, or it is the end
            }
        }
    }
}

[CollectionDefinition(Name)]
public sealed class ControlPlaneCollection : ICollectionFixture<ControlPlane>
{
    public const string Name = "Control plane";
}
