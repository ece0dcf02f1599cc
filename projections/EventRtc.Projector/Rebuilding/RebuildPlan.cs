using EventRtc.Domain;
using EventRtc.Etcd;
using EventRtc.Projections;

namespace EventRtc.Projector;

/// <summary>A room whose keys are not what its events make of it, as both were read.</summary>
internal readonly record struct RoomDifference(RoomId Room, ShownRoom Shown, RoomFold Wanted);

/// <summary>What the log makes of all rooms beside what etcd shows of them.</summary>
public sealed class RebuildPlan
{
    private RebuildPlan(List<RoomDifference> differences, IReadOnlyList<EtcdKeyValue> strange) => (Differences, Strange) = (differences, strange);

    internal IReadOnlyList<RoomDifference> Differences { get; }

    internal IReadOnlyList<EtcdKeyValue> Strange { get; }

    /// <summary>Rooms that differ and keys that are nobody's.</summary>
    public int Count => Differences.Count + Strange.Count;

    /// <param name="shown">Read before the log, so that the log is never behind.</param>
    public static RebuildPlan Compare(ViewKeys keys, FoldedLog log, ShownRooms shown)
    {
        var differences = new List<RoomDifference>();
        foreach (var (room, wanted) in log.Rooms)
            if (shown.Find(room) is var now && now.Differs(keys, room, wanted))
                differences.Add(new(room, now, wanted));
        foreach (var (room, now) in shown.Rooms)
            if (log.Find(room) is null)
                differences.Add(new(room, now, new RoomFold()));
        return new RebuildPlan(differences, shown.Strange);
    }

    /// <summary>Reports what carrying it out would change.</summary>
    internal void Describe(ViewKeys keys, RebuildReport report)
    {
        foreach (var (room, now, wanted) in Differences)
            report.Add(now.Changes(keys, room, wanted.Views, wanted.Version));
        foreach (var strange in Strange)
            report.Add([new KeyChange(KeyChangeKind.Deleted, strange.Key)]);
    }
}
