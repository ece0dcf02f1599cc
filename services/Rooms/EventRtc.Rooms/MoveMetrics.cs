using System.Diagnostics.Metrics;
using EventRtc.Domain;

namespace EventRtc.Rooms;

internal static class MoveMetrics
{
    private static readonly Meter Meter = new("EventRtc.Rooms");
    private static readonly Counter<long> Moves = Meter.CreateCounter<long>("eventrtc.rooms.moves", description: "Rooms that were given another Janus or mixer, by reason");

    /// <summary>Shows every reason from the beginning, so that its first time is seen as a change.</summary>
    public static void Begin()
    {
        foreach (var reason in ModuleKinds.All.SelectMany(kind => (string[])
            [MoveReasons.Gone(kind), MoveReasons.Unstable(kind), MoveReasons.Draining(kind), MoveReasons.Overloaded(kind), MoveReasons.Failed(kind)]))
            Moves.Add(0, new KeyValuePair<string, object?>("reason", reason));
    }

    public static void Moved(string reason) => Moves.Add(1, new KeyValuePair<string, object?>("reason", reason));
}
