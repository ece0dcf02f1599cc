using System.Collections.Concurrent;
using EventRtc.Contracts.Directories;
using EventRtc.Domain;
using EventRtc.Projections;

namespace EventRtc.Hls;

/// <summary>
/// What listeners are answered from: the rooms' views, and for a while what these showed before. Views that vanish are no wish to stop, and a room that moves is heard from its
/// former mixer until the new one has segments.
/// </summary>
public sealed class KnownRooms
{
    private readonly ConcurrentDictionary<RoomId, KnownRoom> known = new();
    private readonly RoomDirectory rooms;
    private readonly TimeSpan grace;
    private readonly TimeProvider clock;

    public KnownRooms(RoomDirectory rooms, HlsOptions options, TimeProvider clock)
    {
        (this.rooms, grace, this.clock) = (rooms, options.ViewGrace, clock);
        rooms.Changed += Follow;
    }

    /// <summary>Null when the room is not on air.</summary>
    /// <exception cref="TimeoutException">That is not known, because etcd is away.</exception>
    public KnownRoom? Find(RoomId room)
    {
        var views = rooms.Find(room);
        if (views.Live is { } live)
            return Remember(room, live, views.Mixer);
        if (known.TryGetValue(room, out var last) && Lasts(last.SeenAt))
            return last;
        rooms.RequireSynced();
        return null;
    }

    /// <summary>A mixer has given its playlist: from then on no other one's is served, or players would be led back.</summary>
    public void TookOver(RoomId room, KnownRoom since)
    {
        if (since is { Former: not null, HasTakenOver: false })
            known.TryUpdate(room, since with { HasTakenOver = true }, since);
    }

    /// <summary>Of rooms that somebody listens to every change is seen, and so the wish to stop, which does not last.</summary>
    private void Follow(RoomId room)
    {
        if (known.ContainsKey(room) && rooms.Find(room) is { Live: { } live } views)
            Remember(room, live, views.Mixer);
    }

    private KnownRoom Remember(RoomId room, LiveMeta live, MixerView? mixer)
    {
        var now = clock.GetTimestamp();
        if (live.Status is not LiveStatus.OnAir)
        {
            known.TryRemove(room, out _);
            return new KnownRoom(live, mixer, now);
        }
        if (!known.ContainsKey(room))
            Forget();
        return known.AddOrUpdate(room, _ => new KnownRoom(live, mixer, now), (_, last) => last.Next(live, mixer, now, formerLasts: Lasts(last.FormerSince)));
    }

    private void Forget()
    {
        foreach (var old in known.Where(pair => !Lasts(pair.Value.SeenAt)))
            known.TryRemove(old);
    }

    private bool Lasts(long since) => clock.GetElapsedTime(since) < grace;
}
