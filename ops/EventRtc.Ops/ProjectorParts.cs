using EventRtc.Contracts.Directories;
using EventRtc.Etcd;
using EventRtc.EventStore;
using EventRtc.Projections;
using EventRtc.Projector;
using EventRtc.Streams;

namespace EventRtc.Ops;

/// <summary>What the projector works with, for a command that does its work once. PROJECTOR_* and ETCD_PREFIX_* are to be as the projector has them.</summary>
internal sealed class ProjectorParts : IAsyncDisposable
{
    private readonly PostgresEventStore store = Servers.Store();
    private readonly EtcdClient etcd = Servers.Etcd();
    private readonly RedisClient redis = Servers.Redis();
    private readonly EtcdPrefixes prefixes = Servers.Settings<EtcdPrefixes>("ETCD_PREFIX");
    private readonly ProjectorOptions options = Servers.Settings<ProjectorOptions>("PROJECTOR");

    public Rebuild Rebuild => new(etcd, store, Projection, Modules, Keys, options);

    public Parking Parking => new(store, Projection, Modules, TimeProvider.System);

    public Verify Verify => new(store, etcd, redis, new EventStreams(redis, options), Projection, Modules, Keys, options, TimeProvider.System);

    private ViewKeys Keys => prefixes.Rooms;

    private ModuleProjection Modules => new(etcd, store, prefixes, TimeProvider.System);

    private RoomProjection Projection => new(etcd, store, Keys, options, TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        await redis.DisposeAsync();
        await etcd.DisposeAsync();
        await store.DisposeAsync();
    }
}
