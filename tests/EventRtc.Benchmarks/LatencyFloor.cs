using System.Diagnostics;
using EventRtc.Etcd;
using EventRtc.EventStore;
using EventRtc.Local;
using EventRtc.Projector;
using EventRtc.Streams;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace EventRtc.Benchmarks;

/// <summary>
/// The bare steps of an event's way, by the same drivers with nothing between: commit, XADD to a blocked XREADGROUP, a guarded etcd transaction to its watch event. On the same servers, and
/// beside what is measured: rows in the log itself would be events that the projector has to deal with before the next one that counts.
/// </summary>
internal sealed class LatencyFloor : IAsyncDisposable
{
    private const string Stream = "floor";
    private const string Group = "floor";
    private const string Key = "/floor/view";

    private readonly AppendFloor commits;
    private readonly RedisClient redis;
    private readonly EtcdClient etcd;
    private readonly Seen seen;
    private int turn;

    private LatencyFloor(AppendFloor commits, RedisClient redis, EtcdClient etcd)
    {
        this.commits = commits;
        this.redis = redis;
        this.etcd = etcd;
        seen = new Seen(etcd, "/floor/");
    }

    public static async Task<LatencyFloor> Open(Deployment at)
    {
        var floor = new LatencyFloor(
            await AppendFloor.Open(await NewDatabase(at.Postgres.ConnectionString), 1),
            new RedisClient(new RedisOptions { Address = at.Redis.Address }, NullLogger<RedisClient>.Instance),
            new EtcdClient(new EtcdOptions { Endpoints = [at.Etcd.Address] }, NullLogger<EtcdClient>.Instance));
        await floor.redis.StreamCreateConsumerGroupAsync(Stream, Group, StreamPosition.Beginning, createStream: true);
        await floor.etcd.Put(Key, "0"u8.ToArray());
        await floor.seen.Opened;
        return floor;
    }

    private static async Task<string> NewDatabase(string log)
    {
        await using (var connection = new NpgsqlConnection(log))
        {
            await connection.OpenAsync();
            await using var create = new NpgsqlCommand("create database floor", connection);
            await create.ExecuteNonQueryAsync();
        }
        var database = new NpgsqlConnectionStringBuilder(log) { Database = "floor" }.ConnectionString;
        await using var store = new PostgresEventStore(new EventStoreOptions { Dsn = database }, TimeProvider.System, NullLogger<PostgresEventStore>.Instance);
        await store.Migrate();
        return database;
    }

    /// <returns>The three steps one after another, in ms.</returns>
    public async Task<double> Measure(RecordedEvent example)
    {
        var started = Stopwatch.GetTimestamp();
        await commits.InTransaction(0);
        var total = Stopwatch.GetElapsedTime(started);

        var reading = redis.StreamReadGroupAsync(Group, "floor", [new StreamPosition(Stream, StreamPosition.NewMessages)], 10, TimeSpan.FromSeconds(5), default);
        await Task.Delay(2); // it is blocked there
        started = Stopwatch.GetTimestamp();
        await redis.StreamAddAsync(Stream, EventEntry.Of(example).Values);
        await reading;
        total += Stopwatch.GetElapsedTime(started);

        var value = System.Text.Encoding.UTF8.GetBytes($"{++turn}{new string('x', 150)}");
        var before = System.Text.Encoding.UTF8.GetBytes(turn == 1 ? "0" : $"{turn - 1}{new string('x', 150)}");
        var watched = seen.Next(Key);
        started = Stopwatch.GetTimestamp();
        await etcd.Commit(new Txn().If(Compare.Value(Key).Is(before)).Then(Op.Put(Key, value), Op.Put("/floor/applied", value)), default);
        return (total + Stopwatch.GetElapsedTime(started, await watched)).TotalMilliseconds;
    }

    public async ValueTask DisposeAsync()
    {
        await seen.DisposeAsync();
        await commits.DisposeAsync();
        await redis.DisposeAsync();
        await etcd.DisposeAsync();
    }
}
