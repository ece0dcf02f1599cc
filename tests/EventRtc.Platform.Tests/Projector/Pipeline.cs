using System.Text;
using EventRtc.Contracts.Directories;
using EventRtc.Domain;
using EventRtc.Etcd;
using EventRtc.EventStore;
using EventRtc.Hosting;
using EventRtc.Local;
using EventRtc.Platform.Tests.EventStore;
using EventRtc.Projections;
using EventRtc.Projector;
using EventRtc.Streams;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit;
using static EventRtc.Domain.RoomCommand;

namespace EventRtc.Platform.Tests.Projector;

/// <summary>Store, relay and projector over empty servers, each loop started again when it ends, as the host does.</summary>
internal sealed class Pipeline : IAsyncDisposable
{
    public const string LeaderKey = "/leaders/rooms/relay";
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);
    public static readonly ModuleId Janus = new("janus-1");
    public static readonly ModuleId Mixer = new("mixer-1");

    private static readonly ProjectorOptions Options = new() { PollInterval = TimeSpan.FromMilliseconds(200), ReclaimAfter = TimeSpan.FromMilliseconds(500), BatchSize = 16 };

    private readonly List<(CancellationTokenSource Stop, Task Run)> loops = [];
    private readonly CommandHandler<ModuleState, ModuleCommand, ModuleEvent> modules;
    private readonly CommandHandler<RoomState, RoomCommand, RoomEvent> rooms;

    private Pipeline(string database, string redis, string etcd)
    {
        Database = database;
        Store = new PostgresEventStore(
            new EventStoreOptions { Dsn = database, StatementTimeout = TimeSpan.FromSeconds(2) }, TimeProvider.System, NullLogger<PostgresEventStore>.Instance);
        Redis = new RedisClient(new RedisOptions { Address = redis, CommandTimeout = TimeSpan.FromSeconds(2) }, NullLogger<RedisClient>.Instance);
        Etcd = ConnectEtcd(etcd);
        Streams = new EventStreams(Redis, Options);
        Projection = NewProjection();
        Modules = NewModules();
        Parking = new Parking(Store, Projection, Modules, TimeProvider.System);
        Rebuild = new Rebuild(Etcd, Store, Projection, Modules, Keys, Options);
        Verify = NewVerify(Options.VerifyPatience);
        modules = new(Store, ModuleDecider.Initial, ModuleDecider.Evolve, ModuleDecider.Decide, TimeProvider.System);
        rooms = new(Store, RoomDecider.Initial, RoomDecider.Evolve, RoomDecider.Decide, TimeProvider.System);
    }

    /// <summary>How other processes connect to the store.</summary>
    public string Database { get; }

    public PostgresEventStore Store { get; }

    public RedisClient Redis { get; }

    public EtcdClient Etcd { get; }

    public EventStreams Streams { get; }

    public ViewKeys Keys { get; } = new();

    /// <summary>As an operator's process has it: another one than the projectors'.</summary>
    public RoomProjection Projection { get; }

    /// <summary>Likewise, for marks.</summary>
    public ModuleProjection Modules { get; }

    public Parking Parking { get; }

    public Rebuild Rebuild { get; }

    public Verify Verify { get; }

    public Verify NewVerify(TimeSpan patience) => new(Store, Etcd, Redis, Streams, Projection, Modules, Keys, Options with { VerifyPatience = patience }, TimeProvider.System);

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

    public void StartProjector(string consumer = "projector-1")
    {
        var (projection, marks) = (NewProjection(), NewModules());
        Start(ct => new ViewProjector(
            Streams, new CatchUp(Streams, Store, Options), projection, marks, Store.Parked, Options, consumer, TimeProvider.System, NullLogger<ViewProjector>.Instance).Run(ct));
    }

    public void StartBoth()
    {
        StartRelay();
        StartProjector();
    }

    /// <summary>Brings views back that vanish, as the leading projector does.</summary>
    public void StartHealing() => Start(ct => Together.Run(
        ct, new ViewHealing(Etcd, Rebuild, Projection, Keys, Options, new RetryOptions(), TimeProvider.System, NullLogger<ViewHealing>.Instance).Run, new MarkHealing(Etcd, Modules, new EtcdPrefixes()).Run));

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

    public async Task Command(params ModuleCommand[] commands)
    {
        foreach (var command in commands)
            Assert.IsType<Handled<ModuleState>.Done>(await modules.Handle(
                new StreamId(StreamNames.Of(new ModuleRef(command.Kind, command.Module))), command, new CommandContext(Guid.NewGuid(), "test", "test")));
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

    /// <summary>Appends an event that no program can read behind a version.</summary>
    public Task AppendPoison(RoomId room, long after, string type = "room_of_tomorrow", string json = "{}") => Append(room, after, type, json);

    /// <summary>Appends an event as it is, without a decision.</summary>
    public Task Append(RoomId room, long after, RoomEvent happened) =>
        Append(room, after, EventTypes.Of<RoomEvent>().NameOf(happened), Encoding.UTF8.GetString(EventTypes.Encode(happened)));

    /// <summary>A row as another program may have written it, in a stream of any name.</summary>
    public Task InsertForeign(string stream) => Sql(
        """
        insert into mt_streams (id, type, version) values ($1, 'x', 1);
        """, stream, """
        insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp) values (nextval('mt_events_sequence'), gen_random_uuid(), $1, 1, '[1, "x"]', 'Strange', now())
        """);

    /// <summary>Tampers with the store.</summary>
    public async Task Sql(string statement, string? argument = null, params string[] more)
    {
        await using var connection = new NpgsqlConnection(Database + ";Pooling=false");
        await connection.OpenAsync();
        foreach (var text in more.Prepend(statement))
        {
            await using var command = new NpgsqlCommand(text, connection);
            if (argument is not null)
                command.Parameters.Add(new NpgsqlParameter { Value = argument });
            await command.ExecuteNonQueryAsync();
        }
    }

    public Task WaitUntilDegraded(RoomId room) =>
        Eventually.True(async () => (await Shown(room)).Degraded is not null, Soon, "the room is marked degraded");

    /// <summary>Entries that a projector got and did not acknowledge.</summary>
    public async Task<long> Pending()
    {
        var pending = 0L;
        foreach (var key in Streams.Keys)
            pending += (long)(await Redis.ExecuteAsync(["XPENDING", key, EventStreams.Group]))[0];
        return pending;
    }

    /// <summary>Whether every entry was handed out and acknowledged.</summary>
    public async Task<bool> Projected()
    {
        foreach (var key in Streams.Keys)
        {
            var lastDelivered = (string)(await Redis.ExecuteAsync(["XINFO", "GROUPS", key]))[0][7]!;
            if (await Redis.StreamRangeAsync(key, $"({lastDelivered}") is { Count: > 0 })
                return false;
        }
        return await Pending() == 0;
    }

    /// <summary>The keys that changed since a revision, in order, as a watcher hears of them.</summary>
    public async Task<List<string>> ChangedSince(long revision, int untilAtLeast)
    {
        var changed = new List<string>();
        await foreach (var batch in Etcd.Watch("", revision))
        {
            changed.AddRange(batch.Events.Select(e => e.Item.Key));
            if (changed.Count >= untilAtLeast)
                break;
        }
        return changed;
    }

    /// <summary>Every key that is a projection's.</summary>
    public async Task<IReadOnlyList<EtcdKeyValue>> AllOfRooms() => [.. (await Etcd.List(Keys.AppliedPrefix)).Items, .. (await Etcd.List(Keys.Prefix)).Items];

    public async Task DropAllOfRooms()
    {
        await Etcd.DeletePrefix(Keys.AppliedPrefix);
        await Etcd.DeletePrefix(Keys.Prefix);
    }

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

    private async Task Append(RoomId room, long after, string type, string json)
    {
        var tip = (await Store.ReadStream(StreamOf(room))) is [.., var last] ? last.Tip : StreamTip.None;
        Assert.Equal(after, tip.Version);
        var id = Guid.NewGuid();
        Assert.IsType<AppendResult.Appended>(await Store.Append(StreamOf(room), tip, [new NewEvent(id, type, "A, B", json, TimeProvider.System.GetUtcNow())], new EventHeaders("test", id, "test")));
    }

    private ModuleProjection NewModules() => new(Etcd, Store, new EtcdPrefixes(), TimeProvider.System);

    private RoomProjection NewProjection() => new(Etcd, Store, Keys, Options, TimeProvider.System);

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
