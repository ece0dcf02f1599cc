using EventRtc.Contracts.Clients;
using EventRtc.Domain;
using EventRtc.Rooms.Housekeeping;
using EventRtc.Rooms.Housekeeping.Moves;
using EventRtc.Rooms.Placing;

namespace EventRtc.Rooms.Reports;

/// <summary>
/// Turns for moves that modules ask for. They count beside those of housekeeping, and a room that no module can hold rests longer from move to move, or it would go round for ever
/// and its history with it.
/// </summary>
public sealed class AskedMoves(ModulePicker modules, HousekeepingOptions options, MoveRates rates, TimeProvider clock)
{
    /// <summary>The room rests after its last move, or many others are leaving or entering a module.</summary>
    public static readonly Rejection MovedJustNow = new(RejectionKind.Unavailable, "moved_just_now", "This room, or many others, were moved just now.", Retryable: true);

    /// <summary>The longest rest; who was well for so long begins anew.</summary>
    private static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(10);

    /// <summary>More than the longest rest needs; without an end no time span would hold it.</summary>
    private const int Doublings = 20;

    private readonly Lock gate = new();
    private readonly Dictionary<RoomId, (int Times, long At)> moved = [];

    /// <summary>Where the room goes, whose turn is taken by that.</summary>
    /// <returns>No module while the room rests, or one of the modules has had its turns.</returns>
    public Target Take(MoveRoom asked)
    {
        lock (gate)
        {
            Forget();
            var (times, at) = moved.GetValueOrDefault(asked.Room);
            if ((times > 0 && clock.GetElapsedTime(at) < RestAfter(times)) || !rates.MayLeave(asked.Kind, asked.Module))
                return new Target(null, NoneFit: false);
            var target = modules.ForMove(asked.Kind, asked.Room, asked.Module, to => rates.MayEnter(asked.Kind, to));
            if (target.Module is { } other)
            {
                rates.Take(asked.Kind, asked.Module, other);
                moved[asked.Room] = (times + 1, clock.GetTimestamp());
            }
            return target;
        }
    }

    /// <summary>5 s, 10 s, 20 s ... with the default <see cref="HousekeepingOptions.MoveRest"/>.</summary>
    private TimeSpan RestAfter(int times) => options.MoveRest * Math.Pow(2, Math.Min(times - 1, Doublings)) is var rest && rest < LongestRest ? rest : LongestRest;

    private void Forget()
    {
        foreach (var past in moved.Where(entry => clock.GetElapsedTime(entry.Value.At) > RestAfter(entry.Value.Times) + LongestRest).Select(entry => entry.Key).ToList())
            moved.Remove(past);
    }
}
