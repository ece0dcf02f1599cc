using EventRtc.Local;
using EventRtc.Local.Servers;

namespace EventRtc.Chaos.Faults;

internal enum FaultKind
{
    /// <summary>kill -9, and started again later.</summary>
    Kill,

    /// <summary>SIGSTOP, and SIGCONT later.</summary>
    Freeze,

    /// <summary>TERM, and started again at once.</summary>
    Restart,

    /// <summary>Redis loses all it has.</summary>
    FlushRedis,

    /// <summary>Every view in etcd is deleted.</summary>
    WipeViews,

    /// <summary>One view of one room is deleted.</summary>
    DropView,
}

/// <summary>Something that is to go wrong.</summary>
/// <param name="After">The one before it began; zero: at the same time.</param>
/// <param name="Server">Whom it strikes; for a loss of data, who loses it.</param>
/// <param name="Lasts">From the stroke to the start or the SIGCONT.</param>
internal sealed record Fault(TimeSpan After, FaultKind Kind, Server Server, TimeSpan Lasts)
{
    public override string ToString() => Kind switch
    {
        FaultKind.Kill => $"kill -9 {Server.Name}",
        FaultKind.Freeze => $"pause {Server.Name}",
        FaultKind.Restart => $"restart {Server.Name}",
        FaultKind.FlushRedis => "FLUSHALL",
        FaultKind.DropView => "del one view",
        _ => "del --prefix /rooms/",
    };
}

/// <summary>What may be struck together, and how: one place among those that a fault is drawn from.</summary>
internal sealed record Target(FaultKind[] Kinds, Func<Deployment, IReadOnlyList<Server>> Servers);
