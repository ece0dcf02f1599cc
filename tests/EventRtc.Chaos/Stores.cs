using System.Net.Sockets;
using EventRtc.Contracts.Directories;
using EventRtc.Etcd;
using EventRtc.EventStore;
using EventRtc.Janus.Admin;
using EventRtc.Local;
using EventRtc.Projections;
using EventRtc.Projector;
using EventRtc.Streams;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventRtc.Chaos;

/// <summary>A deployment's data as an auditor sees it: the log, Redis, etcd, and the Januses.</summary>
internal sealed class Stores : IAsyncDisposable
{
    private static readonly ProjectorOptions Options = new();

    public Stores(Deployment deployment)
    {
        Log = new PostgresEventStore(new EventStoreOptions { Dsn = deployment.Postgres.ConnectionString }, TimeProvider.System, NullLogger<PostgresEventStore>.Instance);
        Redis = new RedisClient(new RedisOptions { Address = deployment.Redis.Address }, NullLogger<RedisClient>.Instance);
        Etcd = new EtcdClient(new EtcdOptions { Endpoints = [deployment.Etcd.Address] }, NullLogger<EtcdClient>.Instance);
        Streams = new EventStreams(Redis, Options);
        Januses = [.. deployment.Januses.Select(janus => new JanusAdmin(new JanusAccess(janus.AdminUrl, janus.AdminSecret, janus.AdminKey, TimeSpan.FromSeconds(5))))];
    }

    public PostgresEventStore Log { get; }

    public RedisClient Redis { get; }

    public EtcdClient Etcd { get; }

    public EventStreams Streams { get; }

    public ViewKeys Keys { get; } = new();

    /// <summary>In the order of the deployment's.</summary>
    public IReadOnlyList<JanusAdmin> Januses { get; }

    public Verify Verify => new(Log, Etcd, Redis, Streams, Projection, Modules, Keys, Options, TimeProvider.System);

    public Rebuild Rebuild => new(Etcd, Log, Projection, Modules, Keys, Options);

    private ModuleProjection Modules => new(Etcd, Log, new EtcdPrefixes(), TimeProvider.System);

    private RoomProjection Projection => new(Etcd, Log, Keys, Options, TimeProvider.System);

    /// <summary>Something is away, or on its way back.</summary>
    public static bool IsOutage(Exception failure) =>
        failure is EtcdException or EventStoreUnavailableException or RedisException or JanusException or HttpRequestException or TimeoutException or SocketException or IOException;

    public async ValueTask DisposeAsync()
    {
        foreach (var janus in Januses)
            janus.Dispose();
        await Redis.DisposeAsync();
        await Etcd.DisposeAsync();
        await Log.DisposeAsync();
    }
}
