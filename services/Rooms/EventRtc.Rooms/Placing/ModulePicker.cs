using EventRtc.Domain;
using EventRtc.Projections;

namespace EventRtc.Rooms.Placing;

/// <summary>
/// Finds a Janus and a mixer that can take one more room. What was picked counts at once, so a burst spreads; another process does not know of it until the views show it,
/// so two at once may put a few rooms too many on one module, which housekeeping moves away again.
/// </summary>
/// <param name="modules">All of a kind, with the rooms that they are shown to hold.</param>
/// <param name="shown">A room's live session by its views.</param>
/// <param name="randomness">As <see cref="Placement.Pick"/> wants it.</param>
public sealed class ModulePicker(Func<ModuleKind, IEnumerable<Candidate>> modules, Func<RoomId, LiveMeta?> shown, Func<int, int> randomness, TimeProvider clock)
{
    private readonly Lock gate = new();
    private readonly Promises promises = new(clock);

    public static ModulePicker Over(Assignments shown, TimeProvider clock) => new(shown.Modules, shown.Find, Random.Shared.Next, clock);

    /// <returns>Null where none is fit; then nothing is promised to the other either.</returns>
    public (ModuleId? Janus, ModuleId? Mixer) ForStart(RoomId room)
    {
        lock (gate)
        {
            var picked = (Janus: Pick(Candidates(ModuleKind.Janus, room)), Mixer: Pick(Candidates(ModuleKind.Mixer, room)));
            if (picked is ({ } janus, { } mixer) && shown(room) is null) // a repeated start of a room on air leads to nothing
            {
                promises.Make(ModuleKind.Janus, room, janus);
                promises.Make(ModuleKind.Mixer, room, mixer);
            }
            return picked;
        }
    }

    /// <param name="from">The module that the room is to leave.</param>
    /// <param name="isOpen">Whether a module may be given a room at this moment; null: all may.</param>
    public Target ForMove(ModuleKind kind, RoomId room, ModuleId from, Func<ModuleId, bool>? isOpen = null)
    {
        lock (gate)
        {
            var fit = Placement.Fit(Candidates(kind, room).Where(module => module.Id != from));
            var picked = Pick(fit.Where(module => isOpen?.Invoke(module.Id) ?? true));
            if (picked is { } module)
                promises.Make(kind, room, module);
            return new Target(picked, fit.IsEmpty);
        }
    }

    private ModuleId? Pick(IEnumerable<Candidate> candidates) => Placement.Pick(candidates, randomness);

    private IReadOnlyList<Candidate> Candidates(ModuleKind kind, RoomId room) => promises.AddTo(modules(kind), kind, room, id => shown(id)?.ModuleOf(kind));
}

/// <summary>Where a room may go.</summary>
/// <param name="Module">Null when there is nowhere to go now.</param>
/// <param name="NoneFit">No module at all can take it, not even later.</param>
public readonly record struct Target(ModuleId? Module, bool NoneFit);
