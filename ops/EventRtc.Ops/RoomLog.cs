using EventRtc.Domain;
using EventRtc.EventStore;

namespace EventRtc.Ops;

/// <summary>One room's events.</summary>
internal static class RoomLog
{
    /// <summary>At least one, oldest first.</summary>
    /// <exception cref="RefusedException">Nothing ever happened under this id.</exception>
    public static async Task<IReadOnlyList<RecordedEvent>> Read(PostgresEventStore store, string room, CancellationToken ct)
    {
        var events = RoomId.TryParse(room, out var id) ? await store.ReadStream(new StreamId($"room-{id}"), ct: ct) : [];
        return events.Count > 0 ? events : throw new RefusedException($"There is no room '{room}' and never was one.");
    }

    /// <summary>What the events up to a version amount to.</summary>
    /// <exception cref="RefusedException">One of them cannot be read; the message says at which version and why.</exception>
    public static RoomSnapshot StateAt(IReadOnlyList<RecordedEvent> events, long version)
    {
        try
        {
            var state = events.TakeWhile(e => e.Version <= version).Fold<RoomState, RoomEvent>(RoomDecider.Initial, RoomDecider.Evolve);
            return RoomSnapshot.Of(state);
        }
        catch (UndecodableEventException fault)
        {
            throw new RefusedException($"The state cannot be told: {fault.Message}. 'eventrtc parked list' shows what was set aside.");
        }
    }

    /// <exception cref="RefusedException">The room has no such version.</exception>
    public static void Demand(long version, IReadOnlyList<RecordedEvent> events, long least = 1)
    {
        if (version < least || version > events[^1].Version)
            throw new RefusedException($"There is no version {version}: the room's versions go from {least} to {events[^1].Version}.");
    }
}
