using EventRtc.Contracts.Directories;
using EventRtc.Etcd;
using EventRtc.EventStore;
using EventRtc.Ops.Doctor.Canary;
using EventRtc.Ops.Doctor.Checks;
using EventRtc.Ops.Modules;
using EventRtc.Projector;
using EventRtc.Streams;

namespace EventRtc.Ops.Doctor;

/// <summary>The deployment that is looked at, and all that is looked at in it.</summary>
internal sealed class Patient : IAsyncDisposable
{
    public static readonly IReadOnlyList<string> CheckNames =
        ["postgres", "schema", "redis", "etcd", "services", "web", "modules", "janus", "ports", "clocks", "disk", "lag", "parked", "canary"];

    private readonly TimeProvider clock = TimeProvider.System;
    private readonly EventStoreOptions postgres = Servers.Settings<EventStoreOptions>("POSTGRES");
    private readonly RedisOptions redisAt = Servers.Settings<RedisOptions>("REDIS");
    private readonly EtcdOptions etcdAt = Servers.Settings<EtcdOptions>("ETCD");
    private readonly EtcdPrefixes prefixes = Servers.Settings<EtcdPrefixes>("ETCD_PREFIX");
    private readonly ProjectorOptions projector = Servers.Settings<ProjectorOptions>("PROJECTOR");
    private readonly PostgresEventStore store = Servers.Store();
    private readonly RedisClient redis = Servers.Redis();
    private readonly EtcdClient etcd = Servers.Etcd();
    private readonly IReadOnlyList<ServiceDoor> doors;
    private readonly Rest rooms;
    private readonly Rest web;
    private readonly string? token;
    private readonly TimeSpan answerWithin;

    private Patient(DoctorOptions options, Uri roomsUrl, IReadOnlyList<ServiceDoor> doors, string? token, TimeSpan answerWithin)
    {
        (this.doors, this.token, this.answerWithin) = (doors, token, answerWithin);
        rooms = new Rest(roomsUrl, token, answerWithin);
        web = new Rest(options.WebUrl, null, answerWithin);
    }

    /// <param name="token">An operator's; null for none.</param>
    /// <param name="within">For each check; one question may take half of it.</param>
    /// <exception cref="Hosting.SettingsException">A variable cannot be used.</exception>
    public static async Task<Patient> Find(string? token, TimeSpan within, CancellationToken ct)
    {
        var (options, roomsUrl) = (Servers.Settings<DoctorOptions>("DOCTOR"), Servers.Settings<RoomsServiceOptions>("ROOMS").Url);
        (string Service, IReadOnlyList<string> Urls)[] services =
        [
            ("rooms", options.RoomsUrls is [] ? [roomsUrl.AbsoluteUri] : options.RoomsUrls), ("users", options.UsersUrls), ("gateway", options.GatewayUrls), ("hls", options.HlsUrls),
            ("projector", options.ProjectorUrls), ("janus-worker", options.JanusWorkerUrls), ("mixer-worker", options.MixerWorkerUrls),
        ];
        var found = await Task.WhenAll(services.SelectMany(each => each.Urls.Select(url => ServiceDoor.Behind(each.Service, new Uri(url), within / 2, ct))));
        return new Patient(options, roomsUrl, [.. found.SelectMany(some => some)], token, within / 2);
    }

    /// <summary>In the order of <see cref="CheckNames"/>.</summary>
    /// <param name="canaryWithin">For each of the canary's steps.</param>
    public IReadOnlyList<Check> Checks(TimeSpan canaryWithin) =>
    [
        new("postgres", (report, ct) => PostgresCheck.Look(report, store, postgres, doors.Count(door => door.Service is "rooms" or "projector"), ct)),
        new("schema", (report, ct) => SchemaCheck.Look(report, store, ct)),
        new("redis", (report, ct) => RedisCheck.Look(report, redis, redisAt, ct)),
        new("etcd", (report, ct) => EtcdCheck.Look(report, etcdAt, ct)),
        new("services", (report, ct) => ServicesCheck.Look(report, doors, clock, ct)),
        new("web", (report, ct) => WebCheck.Look(report, web, answerWithin, ct)),
        new("modules", async (report, ct) => ModulesCheck.Judge(report, await Modules(ct))),
        new("janus", async (report, ct) => await JanusCheck.Look(report, await Modules(ct), answerWithin, ct)),
        new("ports", async (report, ct) => await PortsCheck.Look(report, await Modules(ct), answerWithin, ct)),
        new("clocks", (report, ct) => ClocksCheck.Look(report, store, redis, doors, clock, ct)),
        new("disk", (report, ct) => DiskCheck.Look(report, store, etcdAt, [.. doors.Where(door => door.Service is "mixer-worker")], answerWithin, clock, ct)),
        new("lag", (report, ct) => LagCheck.Look(report, new LagMeter(store, new EventStreams(redis, projector), clock), projector, ct)),
        new("parked", (report, ct) => LagCheck.LookForParked(report, store, ct)),
        new("canary", new CanaryCheck(rooms, web, token, canaryWithin, clock).Look, CleansUp: true),
    ];

    public async ValueTask DisposeAsync()
    {
        foreach (var door in doors)
            door.Dispose();
        rooms.Dispose();
        web.Dispose();
        await etcd.DisposeAsync();
        await redis.DisposeAsync();
        await store.DisposeAsync();
    }

    private Task<IReadOnlyList<SeenModule>> Modules(CancellationToken ct) => SeenModule.All(etcd, prefixes, ct);
}
