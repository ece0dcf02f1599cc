using System.Collections.Concurrent;
using EventRtc.Etcd;
using EventRtc.EventStore;
using EventRtc.Projections;
using EventRtc.Streams;

namespace EventRtc.Projector;

/// <summary>
/// Checks everything that is stored, while everything runs: every stream is whole and unchanged, etcd shows what the log says, Redis holds what the log holds.
/// It changes nothing.
/// </summary>
public sealed class Verify(PostgresEventStore store, EtcdClient etcd, RedisClient redis, EventStreams streams, RoomProjection projection, ModuleProjection modules, ViewKeys keys, ProjectorOptions options, TimeProvider clock)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(200);

    /// <param name="progress">Told of the position reached and of the last one, often.</param>
    /// <exception cref="EventStoreUnavailableException">PostgreSQL is away.</exception>
    /// <exception cref="EtcdException">etcd is away.</exception>
    /// <exception cref="RedisException">Redis is away.</exception>
    public async Task<VerifyReport> Run(Action<Position, Position>? progress = null, CancellationToken ct = default)
    {
        var report = new VerifyReport();
        var log = new FoldedLog(await store.Parked.List(ct: ct));
        var events = new VerifyEvents(report, log);
        var shown = await ShownRooms.Read(etcd, keys, ct);
        await VerifyLog(report, events, progress, ct);
        foreach (var (stream, version, lastEvent) in await store.ReadStrayVersions(ct))
            report.Add(FindingKinds.StreamVersion, $"{stream}", $"Its row says version {version}, its last event has {lastEvent}.");
        foreach (var waiting in (await store.Parked.List(ct: ct)).Where(e => e.SkippedAt is null && !events.Poison.Contains(e.Position.Value)))
            report.Add(FindingKinds.Parked, $"{waiting.Position}", $"'{waiting.Type}' in stream '{waiting.Stream}' is parked: {waiting.Reason}");
        await VerifyViews(report, RebuildPlan.Compare(keys, log, shown), ct);
        await VerifyKeys(report, [.. log.Modules.Union(await modules.Shown(ct))], modules.Difference, ct);
        return report;
    }

    private async Task VerifyLog(VerifyReport report, VerifyEvents events, Action<Position, Position>? progress, CancellationToken ct)
    {
        var head = await store.Head(ct);
        var partitions = new Dictionary<string, VerifyRedis>(StringComparer.Ordinal);
        foreach (var key in streams.Keys)
            partitions.Add(key, await VerifyRedis.Begin(redis, key, report, ct));
        await foreach (var batch in store.ReadLog(Position.Start, ct: ct))
            using (batch)
            {
                foreach (var row in batch.Rows)
                {
                    var e = row.ToEvent();
                    events.Take(row, e);
                    await partitions[streams.KeyOf(row.Stream)].Take(e, ct);
                }
                report.Events += batch.Rows.Count;
                progress?.Invoke(batch.Rows[^1].Position, head);
            }
        report.Streams = events.Streams;
        foreach (var partition in partitions.Values)
            await partition.End(ct);
    }

    private async Task VerifyViews(VerifyReport report, RebuildPlan plan, CancellationToken ct)
    {
        await VerifyKeys(report, [.. plan.Differences.Select(difference => difference.Room)], projection.Difference, ct);
        foreach (var strange in plan.Strange)
            report.Add(FindingKinds.ExtraKey, strange.Key, "No room has such a key.");
    }

    /// <summary>Rooms or modules that differ are looked at again until they are right or the time is up: the projector may be on its way.</summary>
    private async Task VerifyKeys<TId>(VerifyReport report, IReadOnlyCollection<TId> all, Func<TId, CancellationToken, Task<IReadOnlyList<KeyChange>>> difference, CancellationToken ct)
        where TId : struct
    {
        var wrong = new ConcurrentDictionary<TId, IReadOnlyList<KeyChange>>();
        var begun = clock.GetTimestamp();
        while (all.Count > 0)
        {
            wrong.Clear();
            await Parallel.ForEachAsync(all, new ParallelOptions { MaxDegreeOfParallelism = options.Parallelism, CancellationToken = ct }, async (id, token) =>
            {
                if (await difference(id, token) is { Count: > 0 } changes)
                    wrong[id] = changes;
            });
            if (wrong.IsEmpty || clock.GetElapsedTime(begun) > options.VerifyPatience)
                break;
            all = [.. wrong.Keys];
            await Task.Delay(LookAgain, clock, ct);
        }
        foreach (var change in wrong.Values.SelectMany(changes => changes).OrderBy(change => change.Key, StringComparer.Ordinal))
            report.Add(KindOf(change), change.Key, WordsFor(change));
    }

    private static string KindOf(KeyChange change) => change.Kind switch
    {
        KeyChangeKind.Created => FindingKinds.MissingKey,
        KeyChangeKind.Changed => FindingKinds.WrongKey,
        _ => FindingKinds.ExtraKey,
    };

    private static string WordsFor(KeyChange change) => change.Kind switch
    {
        KeyChangeKind.Created => "The log says that the key is there.",
        KeyChangeKind.Changed => "The log says something else.",
        _ => "The log says that there is no such key.",
    };
}
