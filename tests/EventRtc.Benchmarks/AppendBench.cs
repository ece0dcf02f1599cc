using EventRtc.EventStore;
using EventRtc.Local.Servers;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventRtc.Benchmarks;

/// <summary>
/// Appends of one event each, every caller awaiting its answer, to streams that exist: expected version, stream, hash chain, position under the lock, one answer each. Client and
/// PostgreSQL share this machine; fsync and synchronous_commit are on. Figure and floor take turns. The floor that must be beaten inserts and commits; the harder one, a
/// statement that commits by itself, is told beside it.
/// </summary>
internal static class AppendBench
{
    /// <summary>About 200 bytes, as the bodies of rooms' events are.</summary>
    public const string Body = """{"room":"room-0123456789abcdef","mixer":"mixer-1","ip":"192.168.101.102","port":10004,"hlsPort":3001,"note":"padding up to the size that bodies have here: ....................","at":"2026-03-01T12:00:00.123456+00:00"}""";

    public const string DotNetType = "EventRtc.Domain.RoomEvent+MixerPortAllocated, EventRtc.Domain";

    public const string HeaderSet = """{"actor":"janus:janus-1","commandId":"0f8fad5b-d9cb-469f-a165-70867728950e","correlationId":"errand-1","hash":"0000000000000000000000000000000000000000000000000000000000000000","previousHash":"0000000000000000000000000000000000000000000000000000000000000000"}""";

    private const int Rounds = 5;
    private const int StreamsEach = 16;
    private static readonly TimeSpan RoundTime = TimeSpan.FromSeconds(2);

    public static async Task<IReadOnlyList<Figure>> Run(CancellationToken ct)
    {
        using var folder = new BenchFolder();
        await using var postgres = await PostgresServer.Start(folder.Path, ct: ct);
        await using var store = new PostgresEventStore(new EventStoreOptions { Dsn = postgres.ConnectionString }, TimeProvider.System, NullLogger<PostgresEventStore>.Instance);
        await store.Migrate(ct);
        await using var floor = await AppendFloor.Open(postgres.ConnectionString, 32);
        var appender = new Appender(store, 256);
        await Callers.Run(32, RoundTime, floor.InTransaction); // all warm
        await Callers.Run(256, RoundTime, appender.Append);

        List<double> alone = [], aloneFloor = [], few = [], many = [], manyFloor = [], autocommit = [], aloneAutocommit = [], bytes = [];
        for (var round = 0; round < Rounds && !ct.IsCancellationRequested; round++)
        {
            Console.Error.Write($"\rround {round + 1} of {Rounds}");
            aloneFloor.Add((await Callers.Run(1, RoundTime, floor.InTransaction)).P50);
            aloneAutocommit.Add((await Callers.Run(1, RoundTime, floor.Autocommit)).P50);
            alone.Add((await Callers.Run(1, RoundTime, appender.Append)).P50);
            manyFloor.Add((await Callers.Run(32, RoundTime, floor.InTransaction)).PerSecond);
            autocommit.Add((await Callers.Run(32, RoundTime, floor.Autocommit)).PerSecond);
            few.Add((await Callers.Run(32, RoundTime, appender.Append)).PerSecond);
            var before = GC.GetTotalAllocatedBytes(precise: true);
            var outcome = await Callers.Run(256, RoundTime, appender.Append);
            bytes.Add((double)(GC.GetTotalAllocatedBytes(precise: true) - before) / outcome.Calls);
            many.Add(outcome.PerSecond);
        }
        Console.Error.WriteLine();
        return
        [
            new("append_32_callers", Percentile.Median(few), "commands/s", Percentile.Median(manyFloor), Bar.AtLeastTimesFloor(1.8)),
            new("append_256_callers", Percentile.Median(many), "commands/s", Percentile.Median(manyFloor), Bar.AtLeastTimesFloor(2.6)),
            new("append_1_caller_p50", Percentile.Median(alone), "ms", Percentile.Median(aloneFloor), Bar.AtMostTimesFloor(1.8)),
            new("append_32_callers_to_autocommit", Percentile.Median(few), "commands/s", Percentile.Median(autocommit), null),
            new("append_256_callers_to_autocommit", Percentile.Median(many), "commands/s", Percentile.Median(autocommit), null),
            new("append_1_caller_p50_to_autocommit", Percentile.Median(alone), "ms", Percentile.Median(aloneAutocommit), null),
            new("append_allocated_per_command", Percentile.Median(bytes), "B", null, Bar.AtMost(4096, "B")),
        ];
    }

    /// <summary>Each caller appends to its own streams in turn, so that no two ever meet.</summary>
    private sealed class Appender(PostgresEventStore store, int callers)
    {
        private readonly StreamId[][] streams = [.. Enumerable.Range(0, callers).Select(c => Enumerable.Range(0, StreamsEach).Select(s => new StreamId($"room-{c}-{s}")).ToArray())];
        private readonly StreamTip[][] tips = [.. Enumerable.Range(0, callers).Select(_ => new StreamTip[StreamsEach])];
        private readonly int[] turns = new int[callers];

        public async Task Append(int caller)
        {
            var turn = turns[caller] = (turns[caller] + 1) % StreamsEach;
            var command = Guid.NewGuid();
            ref var tip = ref tips[caller][turn];
            var appended = await store.Append(
                streams[caller][turn], tip, [new NewEvent(EventId.For(command, 0), "mixer_port_allocated", DotNetType, Body, TimeProvider.System.GetUtcNow())],
                new EventHeaders("janus:janus-1", command, "errand-1"));
            tips[caller][turn] = appended is AppendResult.Appended { Tip: var next } ? next : throw new InvalidOperationException($"{appended}");
        }
    }
}
