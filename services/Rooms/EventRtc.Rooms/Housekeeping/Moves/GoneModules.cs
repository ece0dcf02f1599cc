using EventRtc.Contracts.Directories;
using EventRtc.Domain;
using EventRtc.Etcd;

namespace EventRtc.Rooms.Housekeeping.Moves;

/// <summary>
/// Tells a module that is gone from one whose heartbeat is only missing, because somebody deleted the key or etcd lost its data: the worker puts it back within seconds.
/// </summary>
public sealed class GoneModules
{
    private readonly Lock gate = new();
    private readonly Dictionary<ModuleId, long> beating = [];
    private readonly Dictionary<ModuleId, long> vanished = [];
    private readonly ModuleDirectory modules;
    private readonly EtcdClient etcd;
    private readonly TimeSpan absentFor;
    private readonly TimeProvider clock;
    private long listed;

    /// <param name="absentFor">The time in which every living module puts its heartbeat back: its lease.</param>
    public GoneModules(ModuleDirectory modules, EtcdClient etcd, TimeSpan absentFor, TimeProvider clock)
    {
        (this.modules, this.etcd, this.absentFor, this.clock) = (modules, etcd, absentFor, clock);
        Listed();
        modules.Changed += Look;
        modules.Listed += Listed;
        foreach (var module in modules.Candidates())
            Look(module.Id);
    }

    /// <summary>
    /// Whether a module that was seen to fall silent has lost its lease too (it ran out, or the worker gave it back); or, where nobody saw how, whether it has been silent for
    /// so long since the modules were listed that it would have come back.
    /// </summary>
    /// <exception cref="EtcdException">etcd does not tell.</exception>
    public async Task<bool> IsGone(ModuleId module, CancellationToken ct)
    {
        long lease;
        lock (gate)
        {
            if (beating.ContainsKey(module))
                return false;
            if (!vanished.TryGetValue(module, out lease))
                return clock.GetElapsedTime(listed) >= absentFor;
        }
        if (lease != 0 && await etcd.TimeToLive(lease, ct) is not null)
            return false;
        lock (gate)
            return vanished.ContainsKey(module);
    }

    private void Look(ModuleId module)
    {
        lock (gate)
        {
            if (modules.LeaseOf(module) is { } lease)
            {
                beating[module] = lease;
                vanished.Remove(module);
            }
            else if (beating.Remove(module, out var last) && modules.Synced)
            {
                vanished[module] = last;
            }
        }
    }

    private void Listed()
    {
        lock (gate)
        {
            vanished.Clear();
            listed = clock.GetTimestamp();
        }
    }
}
