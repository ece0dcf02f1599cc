using EventRtc.Domain;
using EventRtc.Projections;
using EventRtc.Rooms.Placing;

namespace EventRtc.Rooms.Housekeeping.Moves;

/// <summary>Which of the rooms that are to move go now, and where to.</summary>
/// <param name="views">A room's views at this moment.</param>
/// <param name="pick">Finds a room another module than the one that it leaves, among those that may be given one now.</param>
public sealed class MoveSchedule(MoveTurns turns, Func<RoomId, RoomViews> views, Func<ModuleKind, RoomId, ModuleId, Func<ModuleId, bool>, Target> pick)
{
    /// <param name="wishes">The most urgent first.</param>
    public Round Next(IEnumerable<Wish> wishes)
    {
        var moves = new List<Move>();
        var stuck = new HashSet<(ModuleKind, ModuleId)>();
        var waits = false;
        foreach (var wish in wishes)
        {
            if (turns.Rests(wish))
            {
                waits = true;
                continue;
            }
            var parts = ModuleKinds.All.Select(kind => Choose(wish, kind, stuck)).OfType<Part>().ToList();
            var steps = parts.Select(part => part.Step).OfType<Step>().ToList();
            var waiting = parts.Where(part => part.Step is null).Select(part => part.Trouble).ToList();
            waits |= waiting.Count > 0;
            // Both modules change in one move: the room waits for the more urgent half of it, and does not wait for the other.
            if (steps.Count == 0 || waiting.Exists(trouble => trouble <= steps[0].Trouble))
                continue;
            var move = new Move(wish.Room, wish.Live, steps);
            turns.Take(move);
            moves.Add(move);
        }
        return new Round(moves, stuck, waits);
    }

    /// <returns>Null when the room may stay with this module, or has to because no other one is fit.</returns>
    private Part? Choose(Wish wish, ModuleKind kind, HashSet<(ModuleKind, ModuleId)> stuck)
    {
        var from = wish.Live.ModuleOf(kind);
        if (wish.Of(kind) is not { } trouble || stuck.Contains((kind, from)))
            return null;
        if (!turns.MayLeave(kind, from, trouble, views))
            return new Part(trouble, Step: null);
        var target = pick(kind, wish.Room, from, to => turns.MayEnter(kind, to));
        if (target.NoneFit)
            stuck.Add((kind, from));
        return target.NoneFit ? null : new Part(trouble, target.Module is { } module ? new Step(kind, trouble, module) : null);
    }

    /// <param name="Step">Null when it has to wait.</param>
    private sealed record Part(Trouble Trouble, Step? Step);
}

/// <param name="Moves">To be made now.</param>
/// <param name="Stuck">Modules whose rooms stay because no other one is fit.</param>
/// <param name="Waits">Some rooms have to wait a moment for their turn.</param>
public sealed record Round(IReadOnlyList<Move> Moves, IReadOnlySet<(ModuleKind Kind, ModuleId Module)> Stuck, bool Waits);
