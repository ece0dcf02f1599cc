using System.Text;
using EventRtc.Domain;
using EventRtc.Etcd;
using EventRtc.EventStore;
using EventRtc.Local;
using EventRtc.Platform.Tests.EventStore;
using EventRtc.Projections;
using EventRtc.Projector;
using EventRtc.Streams;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;
using static EventRtc.Domain.RoomCommand;

namespace EventRtc.Platform.Tests.Projector;

/// <summary>Store, relay and projector over empty servers, each loop started again when it ends, as the host does.</summary>
internal sealed class Pipeline : IAsyncDisposable
{
    public const string LeaderKey = "/leaders/relay";
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);
    public static readonly ModuleId Janus = new("janus-1");
    public static readonly ModuleId Mixer = new("mixer-1");

    private static readonly ProjectorOptions Options = new() { PollInterval = TimeSpan.FromMilliseconds(200), ReclaimAfter = TimeSpan.FromMilliseconds(500), BatchSize = 16 };

    private readonly List<(CancellationTokenSource Stop, Task Run)> loops = [];
    private readonly CommandHandler<RoomState, RoomCommand, RoomEvent> rooms;
    private readonly RoomProjection projection;

    private Pipeline(string database, string redis, string etcd)
    {
        Database = database;
        Store = new PostgresEventStore(
            new EventStoreOptions { Dsn = database, StatementTimeout = TimeSpan.FromSeconds(2) }, TimeProvider.System, NullLogger<PostgresEventStore>.Instance);
        Redis = new RedisClient(new RedisOptions { Address = redis, CommandTimeout = TimeSpan.FromSeconds(2) }, NullLogger<RedisClient>.Instance);
        Etcd = ConnectEtcd(etcd);
        Streams = new EventStreams(Redis, Options);
        projection = new RoomProjection(Etcd, Store, Keys, Options);
        rooms = new(Store, RoomDecider.Initial, RoomDecider.Evolve, RoomDecider.Decide, TimeProvider.System);
    }

    /// <summary>How other processes connect to the store.</summary>
    public string Database { get; }

    public PostgresEventStore Store { get; }

    public RedisClient Redis { get; }

    public EtcdClient Etcd { get; }

    public EventStreams Streams { get; }

    public ViewKeys Keys { get; } = new();

    /// <summary>Empties Redis and etcd and begins with a new store.</summary>
    public static async Task<Pipeline> Open(ProjectorFixture servers)
    {
        var pipeline = new Pipeline(await PostgresFixture.NewDatabase(servers.Postgres), servers.Redis.Address, servers.Etcd.Address);
        await pipeline.Redis.ExecuteAsync(["FLUSHALL"]);
        await pipeline.Etcd.DeletePrefix("");
        await pipeline.Store.Migrate();
        return pipeline;
    }

    /// <summary>One more relay: it leads when no other does.</summary>
    /// <param name="redis">Its own way to Redis.</param>
    /// <param name="etcd">Its own way to etcd.</param>
    public void StartRelay(RedisClient? redis = null, EtcdClient? etcd = null)
    {
        var leadership = NewLeadership(etcd);
        var relay = new Relay(Store, redis is null ? Streams : new EventStreams(redis, Options), leadership, Options);
        Start(ct => leadership.Run(relay.Run, ct));
    }

    public Leadership NewLeadership(EtcdClient? etcd = null) => new(etcd ?? Etcd, LeaderKey, "test", TimeSpan.FromSeconds(2), NullLogger<Leadership>.Instance);

    public static EtcdClient ConnectEtcd(string address) =>
        new(new EtcdOptions { Endpoints = [address], CallTimeout = TimeSpan.FromSeconds(2) }, NullLogger<EtcdClient>.Instance);

    public Retention NewRetention(int positions) => new(Redis, Streams, Options with { Retention = positions }, TimeProvider.System);

    public LagMeter Lag => new(Store, Streams, TimeProvider.System);

    public Relay NewRelay(Leadership leadership) => new(Store, Streams, leadership, Options);

    public void StartProjector(string consumer = "projector-1") =>
        Start(ct => new ViewProjector(Streams, new CatchUp(Streams, Store, Options), projection, Options, consumer, TimeProvider.System, NullLogger<ViewProjector>.Instance).Run(ct));

    public void StartBoth()
    {
        StartRelay();
        StartProjector();
    }

    /// <summary>Stops what was started last.</summary>
    public async Task StopLast()
    {
        var (stop, run) = loops[^1];
        loops.RemoveAt(loops.Count - 1);
        await stop.CancelAsync();
        await run;
        stop.Dispose();
    }

    public async Task StopAll()
    {
        while (loops.Count > 0)
            await StopLast();
    }

    public async Task Command(params RoomCommand[] commands)
    {
        foreach (var command in commands)
            Assert.IsType<Handled<RoomState>.Done>(await rooms.Handle(StreamOf(command.Room), command, new CommandContext(Guid.NewGuid(), "test", "test")));
    }

    /// <summary>Creates the room and brings it to where its sound flows: five events.</summary>
    public Task PutOnAir(RoomId room, DateTimeOffset at) => Command(
        new CreateRoom(room, "ab12cd", 3, at),
        new StartLive(room, Janus, Mixer, "nonce-1", at),
        new ReportJanusRoom(room, Janus, "nonce-1", 4711, at),
        new ReportMixerPort(room, Mixer, "nonce-1", "127.0.0.1", 5004, 8090, at),
        new ReportForwarding(room, Janus, 4711, "127.0.0.1", 5004, at));

    /// <summary>Appends events of many rooms, for whoever does not ask what they mean.</summary>
    public Task AppendMany(int events) => Task.WhenAll(Enumerable.Range(0, events / 100).Select(n =>
    {
        var command = Guid.NewGuid();
        var many = Enumerable.Range(0, 100).Select(_ => new NewEvent(Guid.NewGuid(), "room_of_tomorrow", "A, B", """{"note":"öß"}""", TimeProvider.System.GetUtcNow()));
        return Store.Append(new StreamId($"room-many-{n}"), StreamTip.None, [.. many], new EventHeaders("test \"quoted\"", command, "test"));
    }));

    /// <summary>Removes a room that is on air, to the last step.</summary>
    public Task Remove(RoomId room, DateTimeOffset at) => Command(
        new RemoveRoom(room, "asked", at), new ReportJanusRoomDestroyed(room, Janus, at), new ReportMixerReleased(room, Mixer, at));

    /// <summary>What etcd shows of a room.</summary>
    public async Task<RoomViews> Shown(RoomId room) =>
        RoomViews.Read(Keys, room, (await Etcd.List(Keys.Room(room))).Items.Select(item => (item.Key, item.Value)));

    /// <summary>What a room's events make of it.</summary>
    public async Task<RoomViews> Wanted(RoomId room) => RoomViews.Fold((await Store.ReadStream(StreamOf(room))).Select(e => e.Decode<RoomEvent>()));

    /// <summary>The version that etcd shows of a room; null without one.</summary>
    public async Task<long?> Applied(RoomId room) =>
        await Etcd.Get(Keys.AppliedKey(room)) is { } applied ? long.Parse(Encoding.UTF8.GetString(applied.Value.Span)) : null;

    /// <summary>Waits until etcd shows every room as its events make it.</summary>
    public Task Settled(params RoomId[] all) => Eventually.True(async () =>
    {
        foreach (var room in all)
            if (await Applied(room) != (await Store.ReadStream(StreamOf(room))).Count || await Shown(room) != await Wanted(room))
                return false;
        return true;
    }, Soon, "etcd shows what the store holds");

    /// <summary>Every partition's entries, as positions.</summary>
    public async Task<IReadOnlyList<long[]>> Relayed()
    {
        var partitions = new List<long[]>();
        foreach (var key in Streams.Keys)
            partitions.Add([.. (await Redis.StreamRangeAsync(key)).Select(entry => long.Parse(entry.Id.Split('-')[0]))]);
        return partitions;
    }

    /// <summary>Waits until Redis holds every event of the store, each once and in order.</summary>
    public Task CompletelyRelayed() => Eventually.True(async () =>
    {
        var head = await Store.Head();
        if ((await Streams.Places(default)).Any(place => place.End != head))
            return false;
        var relayed = await Relayed();
        Assert.All(relayed, positions => Assert.Equal(positions.Distinct().Order(), positions));
        return relayed.SelectMany(positions => positions).Order().SequenceEqual((await Store.ReadAll(Position.Start, int.MaxValue)).Select(e => e.Position.Value));
    }, Soon, "Redis holds what the store holds");

    public static StreamId StreamOf(RoomId room) => new($"room-{room}");

    public async ValueTask DisposeAsync()
    {
        await StopAll();
        await Etcd.DisposeAsync();
        await Redis.DisposeAsync();
        await Store.DisposeAsync();
    }

    /// <summary>Runs it again and again until the end, or until it is stopped as the last.</summary>
    public void Start(Func<CancellationToken, Task> run)
    {
        var stop = new CancellationTokenSource();
        loops.Add((stop, Task.Run(() => Again(run, stop.Token))));
    }

    private static async Task Again(Func<CancellationToken, Task> run, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await run(ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure) when (failure is EventStoreUnavailableException or RedisException or EtcdException or FencedException)
            {
                await Task.Delay(100, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
