using System.Collections.Concurrent;
using EventRtc.Reconciling;

namespace EventRtc.Janus.Rooms;

/// <summary>
/// Make before break: a room that was given to another Janus keeps its bridge here until that one has a room for it. The forwarders run on until the mixer listens elsewhere, so that
/// its ffmpeg hears to the end, and the bridge goes a moment later, so that anchors can go over one by one.
/// </summary>
public sealed class Handover(Bridges bridges, JanusOptions options, TimeProvider clock, ILogger<Handover> log)
{
    private readonly ConcurrentDictionary<RoomId, Departure> departures = new();

    /// <summary>The room is to stay, or is here again.</summary>
    public void Stays(RoomId room) => departures.TryRemove(room, out _);

    /// <param name="live">Names the Janus that the room is to have.</param>
    /// <exception cref="HttpRequestException">Janus is away; safe to repeat, as all of it is.</exception>
    public async Task<Recheck> LetGo(RoomId room, LiveMeta live, RoomViews views, CancellationToken ct)
    {
        if (!bridges.MayHold(room))
        {
            Stays(room);
            return Recheck.Idle;
        }
        var departure = departures.GetOrAdd(room, _ => new Departure(clock.GetTimestamp(), views.Mixer));
        var taken = views.Janus?.Id == live.JanusId;
        if (!taken && Left(departure.Began, options.HandoverPatience) is { } patience)
            return Recheck.After(patience);
        if (taken && departure.Taken is null)
            departures[room] = departure = departure with { Taken = clock.GetTimestamp() };
        if (departure.Silent is null)
        {
            if (departure.Taken is { } since && !departure.IsHeardElsewhere(views) && Left(since, options.HandoverOverlap) is { } overlap)
                return Recheck.After(overlap);
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
    /// <param name="Mixer">Where it was heard then; null when the room has gone to another mixer too.</param>
    /// <param name="Taken">When the other Janus had it; null before.</param>
    /// <param name="Silent">When its forwarders were stopped; null while they run.</param>
    private sealed record Departure(long Began, MixerView? Mixer, long? Taken = null, long? Silent = null)
    {
        public bool IsHeardElsewhere(RoomViews views) => views.Mixer is { } now && now != Mixer;
    }
}
