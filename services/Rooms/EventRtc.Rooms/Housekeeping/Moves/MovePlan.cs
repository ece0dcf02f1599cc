using EventRtc.Domain;
using EventRtc.Projections;

namespace EventRtc.Rooms.Housekeeping.Moves;

/// <summary>Which rooms are to leave their Janus, their mixer or both, the most urgent first. Pure: where they go, and when, is decided later.</summary>
public static class MovePlan
{
    /// <param name="rooms">All that are on air.</param>
    /// <param name="standing">Of each module that they name.</param>
    public static IReadOnlyList<Wish> Of(IReadOnlyCollection<(RoomId Room, LiveMeta Live)> rooms, Func<ModuleKind, ModuleId, Standing> standing)
    {
        var troubles = ModuleKinds.All.ToDictionary(kind => kind, kind => Find(rooms, kind, module => standing(kind, module)));
        return
        [
            .. rooms
                .Select(room => new Wish(room.Room, room.Live, Trouble(ModuleKind.Janus, room.Room), Trouble(ModuleKind.Mixer, room.Room)))
                .Where(wish => wish.Janus is not null || wish.Mixer is not null)
                .OrderBy(wish => wish.Gravest).ThenBy(wish => wish.Live.CreatedAt).ThenBy(wish => wish.Room.Value, StringComparer.Ordinal),
        ];

        Trouble? Trouble(ModuleKind kind, RoomId room) => troubles[kind].TryGetValue(room, out var trouble) ? trouble : null;
    }

    private static Dictionary<RoomId, Trouble> Find(IReadOnlyCollection<(RoomId Room, LiveMeta Live)> rooms, ModuleKind kind, Func<ModuleId, Standing> standing) =>
        rooms.GroupBy(room => room.Live.ModuleOf(kind)).SelectMany(held => standing(held.Key) switch
        {
            { Trouble: { } trouble } => held.Select(room => (room.Room, trouble)),
            var fine => Beyond(fine.Capacity, [.. held]).Select(room => (room.Room, Trouble: Moves.Trouble.Overloaded)),
        }).ToDictionary();

    /// <summary>Those that have been on air longer keep their place.</summary>
    private static IEnumerable<(RoomId Room, LiveMeta Live)> Beyond(int capacity, IReadOnlyCollection<(RoomId Room, LiveMeta Live)> rooms) => rooms.Count <= capacity
        ? []
        : rooms.OrderBy(room => room.Live.CreatedAt).ThenBy(room => room.Room.Value, StringComparer.Ordinal).Skip(capacity);
}

/// <summary>A room that is to leave a module.</summary>
/// <param name="Live">The room as it was looked at.</param>
/// <param name="Janus">Why it is to leave its Janus; null when it may stay there.</param>
/// <param name="Mixer">Likewise.</param>
public sealed record Wish(RoomId Room, LiveMeta Live, Trouble? Janus, Trouble? Mixer)
{
    public Trouble Gravest => Janus < Mixer || Mixer is null ? Janus!.Value : Mixer.Value;

    public Trouble? Of(ModuleKind kind) => kind is ModuleKind.Janus ? Janus : Mixer;
}
