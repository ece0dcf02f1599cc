using EventRtc.Contracts.Directories;
using EventRtc.Domain;
using EventRtc.Etcd;
using EventRtc.EventStore;
using EventRtc.Hosting;
using EventRtc.Projections;

namespace EventRtc.Projector;

/// <summary>Brings marks of modules back that vanished before their time. They are few: all are compared with the log at first, then each that goes.</summary>
public sealed class MarkHealing(EtcdClient etcd, ModuleProjection modules, EtcdPrefixes prefixes)
{
    /// <summary>Runs until cancelled.</summary>
    /// <exception cref="EtcdException">etcd is away: run it again.</exception>
    /// <exception cref="EventStoreUnavailableException">PostgreSQL is away: run it again.</exception>
    public Task Run(CancellationToken ct) => Together.Run(ct, [.. ModuleKinds.All.Select(kind => (Func<CancellationToken, Task>)(running => Follow(kind, running)))]);

    private async Task Follow(ModuleKind kind, CancellationToken ct)
    {
        var (keys, opened) = (prefixes.Of(kind), false);
        await foreach (var batch in etcd.WatchDeletions(keys.Prefix, ct))
        {
            foreach (var module in opened ? [] : (await modules.Shown(ct)).Where(module => module.Kind == kind))
                await modules.Refresh(module, ct);
            opened = true;
            foreach (var gone in batch.Events)
                if (keys.TryParse(gone.Item.Key, out var module, out var what) && what is ModuleKeyKind.Mark)
                    await modules.Refresh(new ModuleRef(kind, module), ct);
        }
    }
}
