using EventRtc.Domain;
using EventRtc.Projections;

namespace EventRtc.Rooms.Housekeeping.Moves;

/// <summary>
/// Spreads moves over time: so many a second from one module and to one module, one room after the other from a module that drains, and a room that has just moved rests.
/// A move that has to wait is asked for again. Not for several threads at once.
/// </summary>
public sealed class MoveTurns(HousekeepingOptions options, MoveRates rates, TimeProvider clock)
{
    private readonly Dictionary<RoomId, (Move Move, long At)> moved = [];
    private readonly Dictionary<(ModuleKind, ModuleId), (Move Move, long At)> draining = [];

    /// <summary>Whether the room has to stay for a while because it was moved just now, or that was tried. Only a room that has arrived at a module which is gone does not wait.</summary>
    public bool Rests(Wish wish) =>
        moved.TryGetValue(wish.Room, out var last) && clock.GetElapsedTime(last.At) < options.MoveRest && (wish.Gravest is not Trouble.Gone || wish.Live == last.Move.From);

    public bool MayLeave(ModuleKind kind, ModuleId module, Trouble trouble, Func<RoomId, RoomViews> views) =>
        rates.MayLeave(kind, module) && (trouble is not Trouble.Draining || !draining.TryGetValue((kind, module), out var last)
            || clock.GetElapsedTime(last.At) >= options.DrainPatience || last.Move.IsDone(views(last.Move.Room)));

    public bool MayEnter(ModuleKind kind, ModuleId module) => rates.MayEnter(kind, module);

    public void Take(Move move)
    {
        foreach (var past in moved.Where(entry => clock.GetElapsedTime(entry.Value.At) >= options.MoveRest).Select(entry => entry.Key).ToList())
            moved.Remove(past);
        var now = (move, clock.GetTimestamp());
        moved[move.Room] = now;
        foreach (var step in move.To)
        {
            rates.Take(step.Kind, move.From.ModuleOf(step.Kind), step.Module);
            if (step.Trouble is Trouble.Draining)
                draining[(step.Kind, move.From.ModuleOf(step.Kind))] = now;
        }
    }

    /// <summary>The room stays where it was: nothing has to wait for its arrival.</summary>
    public void Failed(Move move)
    {
        foreach (var step in move.To)
            if (draining.TryGetValue((step.Kind, move.From.ModuleOf(step.Kind)), out var last) && last.Move == move)
                draining.Remove((step.Kind, move.From.ModuleOf(step.Kind)));
    }
}
