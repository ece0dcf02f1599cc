using EventRtc.Contracts.Directories;
using EventRtc.Domain;
using EventRtc.Projections;

namespace EventRtc.Rooms.Placing;

/// <summary>Which rooms are with which modules by the views, counted as they change: fresher than what the modules' heartbeats say.</summary>
public sealed class Assignments
{
    private readonly Lock gate = new();
    private readonly Dictionary<RoomId, LiveMeta> live = [];
    private readonly Dictionary<(ModuleKind, ModuleId), int> counts = [];
    private readonly RoomDirectory rooms;
    private readonly ModuleDirectory januses;
    private readonly ModuleDirectory mixers;

    public Assignments(RoomDirectory rooms, [FromKeyedServices("janus")] ModuleDirectory januses, [FromKeyedServices("mixer")] ModuleDirectory mixers)
    {
        (this.rooms, this.januses, this.mixers) = (rooms, januses, mixers);
        rooms.Changed += Look;
        foreach (var room in rooms.Rooms())
            Look(room);
    }

    /// <summary>The room on air or being removed; null when it is neither.</summary>
    public LiveMeta? Find(RoomId room)
    {
        lock (gate)
            return live.GetValueOrDefault(room);
    }

    /// <summary>
    /// All of a kind that are alive, with the rooms that they hold or have to let go of. One that says it is fuller than the views know is believed: it may not have let go
    /// of rooms that left it.
    /// </summary>
    public IReadOnlyList<Candidate> Modules(ModuleKind kind)
    {
        var alive = (kind is ModuleKind.Janus ? januses : mixers).Candidates();
        lock (gate)
            return [.. alive.Select(module => module with { Streams = Math.Max(module.Streams, counts.GetValueOrDefault((kind, module.Id))) })];
    }

    public IReadOnlyList<(RoomId Room, LiveMeta Live)> OnAir()
    {
        lock (gate)
            return [.. live.Where(pair => pair.Value.Status is LiveStatus.OnAir).Select(pair => (pair.Key, pair.Value))];
    }

    private void Look(RoomId room)
    {
        lock (gate)
        {
            if (live.Remove(room, out var before))
                Add(before, -1);
            if (rooms.Find(room).Live is not { } now)
                return;
            live.Add(room, now);
            Add(now, 1);
        }
    }

    private void Add(LiveMeta room, int number)
    {
        foreach (var kind in ModuleKinds.All)
            if ((counts[(kind, room.ModuleOf(kind))] = counts.GetValueOrDefault((kind, room.ModuleOf(kind))) + number) == 0)
                counts.Remove((kind, room.ModuleOf(kind)));
    }
}
