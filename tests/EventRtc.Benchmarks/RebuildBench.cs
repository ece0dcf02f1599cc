using System.Diagnostics;
using EventRtc.Etcd;
using EventRtc.EventStore;
using EventRtc.Local.Servers;
using EventRtc.Projections;
using EventRtc.Projector;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace EventRtc.Benchmarks;

/// <summary>
/// A dry run of the rebuild: every event read, decoded and folded, and each room compared with its views. Its floor reads the same columns of all events, and nothing else.
/// Reading the views from etcd is told apart. Everything is right, as it nearly always is: what a run would write is not measured here.
/// </summary>
internal static class RebuildBench
{
    private const int Rounds = 3;
    private const double Events = RebuildData.Rooms * RebuildData.EventsOfARoom;

    public static async Task<IReadOnlyList<Figure>> Run(CancellationToken ct)
    {
        var folder = Directory.CreateTempSubdirectory("eventrtc-bench-");
        folder.UnixFileMode |= UnixFileMode.OtherExecute | UnixFileMode.OtherRead; // PostgreSQL runs as its own user
        try
        {
            await using var postgres = await PostgresServer.Start(Path.Combine(folder.FullName, "postgres"), ct: ct);
            await using var etcdServer = await EtcdServer.Start(Path.Combine(folder.FullName, "etcd"), ct: ct);
            await using var store = new PostgresEventStore(new EventStoreOptions { Dsn = postgres.ConnectionString }, TimeProvider.System, NullLogger<PostgresEventStore>.Instance);
            await using var etcd = new EtcdClient(new EtcdOptions { Endpoints = [etcdServer.Address] }, NullLogger<EtcdClient>.Instance);
            var keys = new ViewKeys();
            Console.Error.WriteLine($"Filling PostgreSQL and etcd with {RebuildData.Rooms:#,0} rooms");
            await store.Migrate(ct);
            await Task.WhenAll(RebuildData.FillStore(postgres.ConnectionString, ct), RebuildData.FillViews(etcd, keys, ct));
            return await Measure(postgres.ConnectionString, store, etcd, keys, ct);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<IReadOnlyList<Figure>> Measure(string connectionString, PostgresEventStore store, EtcdClient etcd, ViewKeys keys, CancellationToken ct)
    {
        List<double> floor = [], dryRun = [], ranges = [];
        for (var round = 0; round < Rounds; round++)
        {
            floor.Add(Events / (await Took(() => Select(connectionString, ct))).TotalSeconds);
            ShownRooms shown = null!;
            ranges.Add((await Took(async () => shown = await ShownRooms.Read(etcd, keys, ct))).TotalMilliseconds);
            dryRun.Add(Events / (await Took(() => DryRun(store, keys, shown, ct))).TotalSeconds);
            Console.Error.WriteLine($"Round {round + 1} of {Rounds}: {dryRun[^1]:#,0} events/s, floor {floor[^1]:#,0}, etcd {ranges[^1]:#,0} ms");
        }
        return
        [
            new("rebuild_dry_run", Percentile.Median(dryRun), "events/s", Percentile.Median(floor), Bar.AtLeastTimesFloor(0.5)),
            new("rebuild_etcd_ranges", Percentile.Median(ranges), "ms", null, null),
        ];
    }

    private static async Task<TimeSpan> Took(Func<Task> work)
    {
        GC.Collect(); // what is left from before is nobody's time
        var watch = Stopwatch.StartNew();
        await work();
        return watch.Elapsed;
    }

    private static async Task Select(string connectionString, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(ct);
        await using var query = new NpgsqlCommand("select seq_id, stream_id, version, type, data from mt_events order by seq_id", connection) { CommandTimeout = 300 };
        await using var rows = await query.ExecuteReaderAsync(ct);
        long count = 0, read = 0;
        for (; await rows.ReadAsync(ct); count++)
            read += rows.GetInt64(0) + rows.GetString(1).Length + rows.GetInt64(2) + rows.GetString(3).Length + rows.GetString(4).Length;
        if (count != (long)Events || read == 0)
            throw new InvalidOperationException($"{count} events were read");
    }

    private static async Task DryRun(PostgresEventStore store, ViewKeys keys, ShownRooms shown, CancellationToken ct)
    {
        var log = await FoldedLog.Read(store, ct: ct);
        var plan = RebuildPlan.Compare(keys, log, shown);
        if (log.Events != (long)Events || plan.Count != 0)
            throw new InvalidOperationException($"{log.Events} events were read and {plan.Count} rooms differ");
    }
}
