using System.Text;
using System.Text.Json;
using EventRtc.Domain;
using EventRtc.Etcd;
using EventRtc.Local;
using EventRtc.Local.Servers;
using EventRtc.Projections;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace EventRtc.Services.Tests.Rooms.Moves;

/// <summary>Two rooms services and a projector on real servers; of the modules there are only the heartbeats that a test keeps alive.</summary>
public sealed class MovesRig : IAsyncLifetime
{
    /// <summary>Longer than anything here should take on a busy machine.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>More time than usual to come back after etcd has lost its data.</summary>
    internal static readonly TimeSpan AbsentFor = TimeSpan.FromSeconds(20);

    private const string LeaderKey = "/leaders/rooms/housekeeping";

    private readonly DirectoryInfo folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"eventrtc-{Guid.NewGuid():N}"));
    private readonly List<string> rooms = [];
    private Deployment deployment = null!;

    internal EtcdClient Etcd { get; private set; } = null!;

    internal EtcdServer EtcdServer => deployment.Etcd;

    /// <summary>They wait for the sound of a room that left a draining module longer than any test takes.</summary>
    internal IReadOnlyList<ServiceProcess> Services { get; private set; } = [];

    internal IReadOnlyList<Api> Apis { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        deployment = await Deployment.Start(folder.FullName, DeploymentPorts.Free(), part: d => [d.Postgres, d.Redis, d.Etcd, d.Projector]);
        Etcd = new EtcdClient(new EtcdOptions { Endpoints = [deployment.Etcd.Address] }, NullLogger<EtcdClient>.Instance);
        Services = [.. Enumerable.Range(1, 2).Select(n => deployment.Rooms.Replica($"rooms-{n}", ("HOUSEKEEPING_DRAIN_PATIENCE", "10m"), ("HOUSEKEEPING_ABSENT_FOR", $"{AbsentFor.TotalSeconds}s")))];
        await Task.WhenAll(Services.Select(service => service.Start()));
        Apis = [.. Services.Select(service => new Api(service.Url))];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var api in Apis)
            api.Dispose();
        foreach (var service in Services)
            await service.DisposeAsync();
        await Etcd.DisposeAsync();
        await deployment.DisposeAsync();
        folder.Delete(recursive: true);
    }

    internal TestModule Janus(string id, int capacity = 1000) => new(Etcd, ModuleKind.Janus, id, capacity);

    internal TestModule Mixer(string id, int capacity = 1000) => new(Etcd, ModuleKind.Mixer, id, capacity);

    /// <summary>Rooms on air, the eldest first, taken by both services in turn; each is tried until there is a place.</summary>
    internal async Task<IReadOnlyList<RoomId>> Start(int number, bool atOnce = false)
    {
        var ids = Enumerable.Range(0, number).Select(_ => ControlPlane.NewRoom()).ToList();
        rooms.AddRange(ids);
        if (atOnce)
            await Task.WhenAll(ids.Select((id, n) => Start(id, n)));
        else
            foreach (var (n, id) in ids.Index())
                await Start(id, n);
        await Eventually.True(async () => (await Shown()).Keys.Count(room => ids.Contains(room.Value)) == number, Patience, "all rooms are shown");
        return [.. ids.Select(id => new RoomId(id))];
    }

    /// <summary>Rooms of one test are of no concern to the next.</summary>
    internal async Task RemoveRooms()
    {
        await Task.WhenAll(rooms.Select(id => Apis[0].Delete($"/api/rooms/{id}")));
        rooms.Clear();
    }

    /// <summary>Returns when the services know that no module is left.</summary>
    internal async Task WithoutModules()
    {
        foreach (var api in Apis)
            await Eventually.True(async () =>
            {
                rooms.Add(ControlPlane.NewRoom());
                return (await api.Post("/api/rooms", new { roomId = rooms[^1], start = true })).Code == "no_capacity";
            }, Patience, "nobody can take a room");
        await RemoveRooms();
    }

    /// <summary>Every room on air.</summary>
    internal async Task<IReadOnlyDictionary<RoomId, LiveMeta>> Shown() => (await Etcd.List(ViewKeys.DefaultPrefix)).Items
        .Where(item => new ViewKeys().TryParse(item.Key, out _, out var kind) && kind is ViewKind.Live)
        .Select(item => (Room: new RoomId(item.Key.Split('/')[2]), Live: JsonSerializer.Deserialize<LiveMeta>(item.Value.Span, DomainJson.Options)!))
        .Where(room => room.Live.Status is LiveStatus.OnAir)
        .ToDictionary(room => room.Room, room => room.Live);

    internal async Task<IReadOnlyDictionary<ModuleId, int>> Spread(ModuleKind kind) => (await Shown()).Values.CountBy(live => live.ModuleOf(kind)).ToDictionary();

    /// <summary>Says for the workers that the room's sound flows where it is now.</summary>
    internal async Task Flows(RoomId room)
    {
        var live = (await Shown())[room];
        await Put(new ViewKeys().Mixer(room), new MixerView(live.MixerId, "127.0.0.1", 5004, 3001));
        await Put(new ViewKeys().Janus(room), new JanusView(live.JanusId, 1, JanusStatus.Forwarding, DateTimeOffset.UnixEpoch));
    }

    /// <summary>Why the room was moved, each time.</summary>
    internal async Task<IReadOnlyList<string>> Moves(RoomId room) =>
        [.. (await Apis[^1].Get($"/api/rooms/{room}/history")).Body.Items("events").Where(happened => happened.Text("type") == "modules_reassigned").Select(moved => moved.GetProperty("data").Text("reason"))];

    internal async Task<ServiceProcess> Leader()
    {
        var holder = await Eventually.Value(async () => await Etcd.Get(LeaderKey) is { } found ? Encoding.UTF8.GetString(found.Value.Span) : null, Patience, "somebody keeps house");
        return Services.Single(service => holder.EndsWith($":{service.Port}", StringComparison.Ordinal));
    }

    private async Task Start(string id, int number) => await Eventually.True(
        async () => (await Apis[number % Apis.Count].Post("/api/rooms", new { roomId = id, start = true })).Status is 201 or 409, Patience, "the room is started");

    private Task<long> Put<TView>(string key, TView view) => Etcd.Put(key, JsonSerializer.SerializeToUtf8Bytes(view, DomainJson.Options));
}
