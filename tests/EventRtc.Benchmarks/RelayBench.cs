using System.Diagnostics;
using EventRtc.Etcd;
using EventRtc.EventStore;
using EventRtc.Local;
using EventRtc.Local.Servers;
using EventRtc.Projector;
using EventRtc.Streams;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace EventRtc.Benchmarks;

/// <summary>How fast a relay hands on what has piled up: half a million events of 5,000 rooms, which no relay has seen, from PostgreSQL into Redis.</summary>
internal static class RelayBench
{
    private const int Events = 500_000;
    private const int Rooms = 5_000;
    private const int Samples = 2_000;

    // As appends leave them, with bodies of about 200 bytes; the rooms take turns.
    private const string Backlog = """
        insert into mt_streams (id, type, version) select 'room-bench-' || r, 'room', @events / @rooms from generate_series(0, @rooms - 1) r;
        insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type, correlation_id, causation_id, headers)
        select nextval('mt_events_sequence'), gen_random_uuid(), 'room-bench-' || n % @rooms, n / @rooms + 1,
               jsonb_build_object('room', 'bench-' || n % @rooms, 'mixer', 'mixer-1', 'nonce', md5(n::text), 'ip', '10.1.2.3', 'port', 5000 + n % 1000,
                                  'note', repeat('x', 80), 'at', '2026-03-01T12:00:00.000+00:00'),
               'mixer_port_allocated', now(), 'EventRtc.Domain.RoomEvent+MixerPortAllocated, EventRtc.Domain', 'bench', 'bench',
               jsonb_build_object('actor', 'mixer:mixer-1', 'commandId', gen_random_uuid(), 'correlationId', md5(n::text), 'hash', repeat(md5(n::text), 2),
                                  'previousHash', repeat(md5(n::text), 2))
          from generate_series(0, @events - 1) n;
        analyze mt_events;
        """;

    public static async Task<IReadOnlyList<Figure>> Run(CancellationToken ct)
    {
        var folder = Directory.CreateTempSubdirectory("eventrtc-bench-");
        folder.UnixFileMode |= UnixFileMode.OtherExecute | UnixFileMode.OtherRead; // PostgreSQL runs as its own user
        try
        {
            await using var postgres = await PostgresServer.Start(Path.Combine(folder.FullName, "postgres"), ct: ct);
            await using var etcd = await EtcdServer.Start(Path.Combine(folder.FullName, "etcd"), ct: ct);
            await using var target = await RedisServer.Start(Path.Combine(folder.FullName, "redis"), ct: ct);
            await using var bare = await RedisServer.Start(Path.Combine(folder.FullName, "redis-floor"), ct: ct);
            await using var redis = Connect(target);
            await using var floorRedis = Connect(bare);
            await using var store = new PostgresEventStore(new EventStoreOptions { Dsn = postgres.ConnectionString }, TimeProvider.System, NullLogger<PostgresEventStore>.Instance);
            await using var etcdClient = new EtcdClient(new EtcdOptions { Endpoints = [etcd.Address] }, NullLogger<EtcdClient>.Instance);
            await store.Migrate(ct);
            await Console.Error.WriteLineAsync($"appending {Events:#,0} events");
            await Append(postgres, ct);

            var options = new ProjectorOptions();
            var streams = new EventStreams(redis, options);
            var throughput = await Relay(store, streams, etcdClient, redis, options, ct);
            await Console.Error.WriteLineAsync($"relayed {throughput:#,0} events/s; now the floor");
            var samples = (await redis.StreamRangeAsync(streams.Keys[0], count: Samples, ct: ct)).Select(entry => entry.Values).ToList();
            await target.Stop();
            var floor = await RelayFloor.Measure(floorRedis, samples, streams.Keys.Count, Events, ct);
            return [new("relay_throughput", Math.Round(throughput), "events/s", Math.Round(floor), Bar.AtLeastTimesFloor(0.5))];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Runs the relay until Redis holds all, as a projector does.</summary>
    private static async Task<double> Relay(PostgresEventStore store, EventStreams streams, EtcdClient etcd, RedisClient redis, ProjectorOptions options, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var watch = Stopwatch.StartNew();
        var leadership = new Leadership(etcd, "/leaders/rooms/relay", "bench", TimeSpan.FromSeconds(3), NullLogger<Leadership>.Instance);
        var relaying = leadership.Run(new Relay(store, streams, leadership, options).Run, stop.Token);
        await Eventually.True(async () =>
        {
            relaying = relaying.IsCompleted ? Task.FromException(new InvalidOperationException("The relay ended", relaying.Exception)) : relaying;
            return (await redis.StreamInfoAsync(streams.Keys[0], ct))?.LastGeneratedId == $"{Events}-0";
        }, TimeSpan.FromMinutes(2), "Redis holds every event");
        var took = watch.Elapsed;
        await stop.CancelAsync();
        await relaying.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var relayed = 0L;
        foreach (var key in streams.Keys)
            relayed += await redis.StreamLengthAsync(key, ct);
        return relayed == Events ? Events / took.TotalSeconds : throw new InvalidOperationException($"Redis holds {relayed} events instead of {Events}");
    }

    private static async Task Append(PostgresServer postgres, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(postgres.ConnectionString);
        await connection.OpenAsync(ct);
        await using var insert = new NpgsqlCommand(Backlog, connection) { Parameters = { new("events", Events), new("rooms", Rooms) }, CommandTimeout = 120 };
        await insert.ExecuteNonQueryAsync(ct);
    }

    private static RedisClient Connect(RedisServer server) => new(new RedisOptions { Address = server.Address }, NullLogger<RedisClient>.Instance);
}
