using System.Text;
using EventRtc.Contracts.Directories;
using EventRtc.Domain;
using EventRtc.Etcd;
using EventRtc.EventStore;
using EventRtc.Projections;

namespace EventRtc.Projector;

/// <summary>
/// Writes modules' marks, with what is left of their time as a lease. Marks are few and change seldom, so each time the whole stream is folded: however late an event
/// comes, and however often, the mark is what the log says, and a write demands that nobody has written meanwhile. An event that cannot be read is parked, and the
/// mark stays as it was before that.
/// </summary>
public sealed class ModuleProjection(EtcdClient etcd, PostgresEventStore store, EtcdPrefixes prefixes, TimeProvider clock)
{
    private static readonly TimeSpan ShortestLease = TimeSpan.FromSeconds(1);

    /// <summary>Makes the mark's key what the log says of it now. Nothing happens to a key that is right.</summary>
    /// <returns>What was changed.</returns>
    /// <exception cref="EtcdException">The mark may have been written.</exception>
    /// <exception cref="EventStoreUnavailableException">The mark was not written.</exception>
    public async Task<IReadOnlyList<KeyChange>> Refresh(ModuleRef module, CancellationToken ct)
    {
        while (true)
        {
            var shown = await Read(module, ct);
            // Read after etcd: were the log behind what etcd shows, it would have been set back, and then it is right nevertheless.
            var fold = await Fold(module, ct);
            await Park(module, fold, ct);
            var now = clock.GetUtcNow();
            var changes = shown.Changes(prefixes.Of(module.Kind), module.Id, fold, now);
            if (changes.Count == 0 || await Write(module, shown, changes, (fold.State as ModuleState.Marked)?.Until - now, ct))
                return changes;
        }
    }

    /// <summary>What <see cref="Refresh"/> would do.</summary>
    /// <inheritdoc cref="Refresh"/>
    public async Task<IReadOnlyList<KeyChange>> Difference(ModuleRef module, CancellationToken ct)
    {
        var shown = await Read(module, ct);
        return shown.Changes(prefixes.Of(module.Kind), module.Id, await Fold(module, ct), clock.GetUtcNow());
    }

    /// <summary>Every module of which etcd has a mark, or a version from when it had one.</summary>
    /// <exception cref="EtcdException">etcd is away.</exception>
    public async Task<IReadOnlySet<ModuleRef>> Shown(CancellationToken ct)
    {
        var found = new HashSet<ModuleRef>();
        foreach (var kind in ModuleKinds.All)
        {
            var keys = prefixes.Of(kind);
            foreach (var item in (await etcd.List(keys.Prefix, ct)).Items)
                if (keys.TryParse(item.Key, out var module, out var what) && what is ModuleKeyKind.Mark)
                    found.Add(new ModuleRef(kind, module));
            foreach (var item in (await etcd.List(keys.AppliedPrefix, ct)).Items)
                if (ModuleId.TryParse(item.Key[keys.AppliedPrefix.Length..], out var module))
                    found.Add(new ModuleRef(kind, module));
        }
        return found;
    }

    private async Task<ShownMark> Read(ModuleRef module, CancellationToken ct)
    {
        var keys = prefixes.Of(module.Kind);
        var read = await etcd.Commit(new Txn().Then(Op.Get(keys.AppliedKey(module.Id)), Op.Get(keys.Mark(module.Id))), ct);
        EtcdKeyValue? applied = read.Responses[0].Items is [var version] ? version : null;
        EtcdKeyValue? mark = read.Responses[1].Items is [var found] ? found : null;
        return new ShownMark(applied, mark, mark is { Lease: not 0 and var lease } ? await etcd.TimeToLive(lease, ct) : null);
    }

    private async Task<bool> Write(ModuleRef module, ShownMark shown, List<KeyChange> changes, TimeSpan? left, CancellationToken ct)
    {
        var lease = changes.Exists(change => change.Leased) && left is { } time ? await etcd.GrantLease(time > ShortestLease ? time : ShortestLease, ct) : 0;
        var result = await etcd.Commit(new Txn()
            .If(shown.Unchanged(prefixes.Of(module.Kind), module.Id))
            .Then(changes.Select(change => change.Value is { } value ? Op.Put(change.Key, value, change.Leased ? lease : 0) : Op.Delete(change.Key))), ct);
        return result.Succeeded;
    }

    private async Task<ModuleFold> Fold(ModuleRef module, CancellationToken ct)
    {
        var fold = new ModuleFold();
        foreach (var e in await store.ReadStream(StreamOf(module), ct: ct))
            fold.Take(e.Position.Value, e.Version, e.Type, Encoding.UTF8.GetBytes(e.Json), e.Skipped);
        return fold;
    }

    /// <summary>An event that cannot be read is parked, and one that can be read again is no longer.</summary>
    private async Task Park(ModuleRef module, ModuleFold fold, CancellationToken ct)
    {
        if (fold.Fault is { } fault)
            await store.Parked.Park(new ParkedEvent(new Position(fault.Position), StreamOf(module), fault.Version, fault.Type, fault.Reason, clock.GetUtcNow()), ct);
        foreach (var waiting in (await store.Parked.List(StreamOf(module), ct)).Where(e => e.SkippedAt is null && e.Version <= fold.Version))
            await store.Parked.Release(waiting.Position, ct);
    }

    private static StreamId StreamOf(ModuleRef module) => StreamId.Stored(StreamNames.Of(module));
}
