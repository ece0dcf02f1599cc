using EventRtc.Domain;
using EventRtc.Etcd;
using EventRtc.EventStore;
using EventRtc.Projections;

namespace EventRtc.Projector;

/// <param name="Events">Events read, as positions of <paramref name="Head"/>.</param>
/// <param name="Rooms">Rooms written, of <paramref name="Differing"/>; 0 of 0 while events are read.</param>
public sealed record RebuildProgress(long Events, long Head, int Rooms, int Differing);

/// <summary>
/// Makes etcd show what the log says, while everything runs: it folds the log, compares, and writes only what differs, room by room and under the guard of
/// <see cref="RoomProjection"/>, and then the few modules' marks one by one. A key that is right is never touched, so no worker notices. It may be stopped at any moment: what is left is what still differs,
/// and the next run does that.
/// </summary>
public sealed class Rebuild(EtcdClient etcd, PostgresEventStore store, RoomProjection projection, ModuleProjection modules, ViewKeys keys, ProjectorOptions options)
{
    /// <param name="dryRun">Writes nothing and reports what would be changed; rooms whose events are just on their way to etcd are among it.</param>
    /// <param name="progress">Told often, from one thread at a time.</param>
    /// <exception cref="EtcdException">etcd is away: run it again.</exception>
    /// <exception cref="EventStoreUnavailableException">PostgreSQL is away: run it again.</exception>
    public async Task<RebuildReport> Run(bool dryRun, Action<RebuildProgress>? progress = null, CancellationToken ct = default)
    {
        var head = (await store.Head(ct)).Value;
        var shown = await ShownRooms.Read(etcd, keys, ct);
        var log = await FoldedLog.Read(store, reached => progress?.Invoke(new(reached.Value, Math.Max(head, reached.Value), 0, 0)), ct);
        var plan = RebuildPlan.Compare(keys, log, shown);
        var report = new RebuildReport(dryRun, log.Events, log.Rooms.LongCount());
        if (dryRun)
            plan.Describe(keys, report);
        else
            await Write(plan, report, done => progress?.Invoke(new(log.Reached.Value, log.Reached.Value, done, plan.Differences.Count)), ct);
        foreach (var module in log.Modules.Union(await modules.Shown(ct)))
            report.AddModule(dryRun ? await modules.Difference(module, ct) : await modules.Refresh(module, ct));
        return report;
    }

    /// <summary>Likewise for one room; its events alone are read.</summary>
    /// <inheritdoc cref="Run(bool, Action{RebuildProgress}?, CancellationToken)"/>
    public async Task<RebuildReport> Run(RoomId room, bool dryRun, CancellationToken ct = default)
    {
        var events = (await store.ReadStream(StreamId.Stored(StreamNames.Of(room)), ct: ct)).Count;
        var report = new RebuildReport(dryRun, events, events > 0 ? 1 : 0);
        report.Add(dryRun ? await projection.Difference(room, ct) : await projection.Refresh(room, ct));
        return report;
    }

    /// <summary>Carries a plan out. What has changed since it was made is looked at again, room by room.</summary>
    internal async Task Write(RebuildPlan plan, RebuildReport report, Action<int> progress, CancellationToken ct)
    {
        var done = 0;
        var one = new Lock();
        await Parallel.ForEachAsync(
            plan.Differences, new ParallelOptions { MaxDegreeOfParallelism = options.Parallelism, CancellationToken = ct }, async (difference, token) =>
            {
                var changed = await projection.Repair(difference, token);
                lock (one)
                {
                    report.Add(changed);
                    progress(++done);
                }
            });
        foreach (var strange in plan.Strange)
            if (await Delete(strange, ct))
                report.Add([new KeyChange(KeyChangeKind.Deleted, strange.Key)]);
    }

    /// <returns>False when somebody changed the key meanwhile.</returns>
    private async Task<bool> Delete(EtcdKeyValue strange, CancellationToken ct) =>
        (await etcd.Commit(new Txn().If(Compare.ModRevision(strange.Key, strange.ModRevision)).Then(Op.Delete(strange.Key)), ct)).Succeeded;
}
