using System.Diagnostics.Metrics;

namespace EventRtc.Rooms;

internal static class MoveMetrics
{
    private static readonly Meter Meter = new("EventRtc.Rooms");
    private static readonly Counter<long> Moves = Meter.CreateCounter<long>("eventrtc.rooms.moves", description: "Rooms that were given another Janus or mixer, by reason");

    public static void Moved(string reason) => Moves.Add(1, new KeyValuePair<string, object?>("reason", reason));
}
