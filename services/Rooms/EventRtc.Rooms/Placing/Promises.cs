using EventRtc.Domain;

namespace EventRtc.Rooms.Placing;

/// <summary>Rooms that this process has promised to modules and that the views do not show there yet. Not for several threads at once.</summary>
public sealed class Promises(TimeProvider clock)
{
    /// <summary>Longer than views lag; a promise that came to nothing, because the command was refused, blocks no place for longer.</summary>
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(10);

    private readonly Dictionary<(ModuleKind Kind, RoomId Room), (ModuleId Module, long At)> made = [];

    /// <summary>In place of an earlier promise to the same room.</summary>
    public void Make(ModuleKind kind, RoomId room, ModuleId module) => made[(kind, room)] = (module, clock.GetTimestamp());

    /// <summary>The modules with what is promised to them added to what they hold.</summary>
    /// <param name="shownWith">The module that the views show a room with.</param>
    /// <param name="beside">The room to be placed: what was promised to it is not in its way.</param>
    public IReadOnlyList<Candidate> AddTo(IEnumerable<Candidate> modules, ModuleKind kind, RoomId beside, Func<RoomId, ModuleId?> shownWith)
    {
        foreach (var (promise, (module, at)) in made)
            if (clock.GetElapsedTime(at) >= KeptFor || (promise.Kind == kind && shownWith(promise.Room) == module))
                made.Remove(promise);
        var open = made.Where(promise => promise.Key.Kind == kind && promise.Key.Room != beside).CountBy(promise => promise.Value.Module).ToDictionary();
        return [.. modules.Select(module => module with { Streams = module.Streams + open.GetValueOrDefault(module.Id) })];
    }
}
