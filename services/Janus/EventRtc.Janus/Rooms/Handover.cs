using System.Collections.Concurrent;
using EventRtc.Reconciling;

namespace EventRtc.Janus.Rooms;

/// <summary>
/// Make before break: a room that was given to another Janus keeps its bridge here until that one has a room for it. Then the forwarders stop at once, as two would be mixed,
/// and the bridge goes a moment later, so that anchors can go over one by one.
/// </summary>
public sealed class Handover(Bridges bridges, JanusOptions options, TimeProvider clock, ILogger<Handover> log)
{
    private readonly ConcurrentDictionary<RoomId, Departure> departures = new();

    /// <summary>The room is to stay, or is here again.</summary>
    public void Stays(RoomId room) => departures.TryRemove(room, out _);

    /// <param name="taken">The other Janus has its room.</param>
    /// <exception cref="HttpRequestException">Janus is away; safe to repeat, as all of it is.</exception>
    public async Task<Recheck> LetGo(RoomId room, bool taken, CancellationToken ct)
    {
        if (!bridges.MayHold(room))
        {
            Stays(room);
            return Recheck.Never;
        }
        var departure = departures.GetOrAdd(room, _ => new Departure(clock.GetTimestamp()));
        if (!taken && Left(departure.Began, options.HandoverPatience) is { } patience)
            return Recheck.After(patience);
        if (departure.Silent is null)
        {
            await bridges.StopForwarding(room, ct);
            departures[room] = departure = departure with { Silent = clock.GetTimestamp() };
            log.LogInformation("{Room} goes to another Janus, which has {Taken} it", room, taken ? "taken" : "not taken");
        }
        if (Left(departure.Silent.Value, options.HandoverGrace) is { } grace)
            return Recheck.After(grace);
        await bridges.Destroy(room, ct);
        Stays(room);
        return Recheck.Never;
    }

    /// <summary>Null when the time is over.</summary>
    private TimeSpan? Left(long since, TimeSpan time) => time - clock.GetElapsedTime(since) is var left && left > TimeSpan.Zero ? left : null;

    /// <param name="Began">When the worker learned that the room is to go.</param>
    /// <param name="Silent">When its forwarders were stopped; null while they run.</param>
    private sealed record Departure(long Began, long? Silent = null);
}
