using System.Collections.Concurrent;

namespace EventRtc.Janus.Rooms;

/// <summary>
/// Rooms that come from another Janus. Their mixer gives up the port where it heard that one, and the views show it a moment longer: whoever sends there meanwhile is mixed into what
/// the other Janus still sends.
/// </summary>
public sealed class Arrivals(JanusOptions options, TimeProvider clock)
{
    private readonly ConcurrentDictionary<RoomId, Elsewhere> elsewhere = new();

    /// <summary>Another Janus has the room, and its mixer hears it there.</summary>
    public void IsElsewhere(RoomId room, MixerView? mixer) => elsewhere[room] = new Elsewhere(mixer);

    /// <summary>The room is ours now.</summary>
    /// <returns>How long to wait at most for its mixer to listen elsewhere; null when there is nothing to wait for.</returns>
    public TimeSpan? MixerMovesWithin(RoomId room, RoomViews views)
    {
        if (!elsewhere.TryGetValue(room, out var former))
            return null;
        if (former.Came is null)
            elsewhere[room] = former = former with { Came = clock.GetTimestamp() };
        if (views.Mixer is { } mixer && mixer == former.Mixer && options.ArrivalPatience - clock.GetElapsedTime(former.Came!.Value) is { Ticks: > 0 } left)
            return left;
        Forget(room);
        return null;
    }

    public void Forget(RoomId room) => elsewhere.TryRemove(room, out _);

    /// <param name="Mixer">Where the room was heard.</param>
    /// <param name="Came">When it was ours; null before.</param>
    private sealed record Elsewhere(MixerView? Mixer, long? Came = null);
}
