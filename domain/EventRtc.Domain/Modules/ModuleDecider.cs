using System.Diagnostics;
using static EventRtc.Domain.ModuleCommand;
using static EventRtc.Domain.ModuleEvent;
using static EventRtc.Domain.ModuleState;

namespace EventRtc.Domain;

/// <summary>Every rule of a module's mark. Pure and total: the same state and command give the same answer, and every pair of them has one. Nothing is refused.</summary>
public static class ModuleDecider
{
    public static ModuleState Initial { get; } = new Unmarked();

    private static Decision<ModuleEvent> Nothing => Decision<ModuleEvent>.Nothing;

    public static Decision<ModuleEvent> Decide(ModuleState module, ModuleCommand command) => (module.MarkAt(command.At), command) switch
    {
        ({ } mark, MarkModule c) when (mark.Label, mark.Until) == (c.Label, c.Until) => Nothing,
        (_, MarkModule c) => new ModuleMarked(c.Kind, c.Module, c.Label, c.At, c.Until),
        ({ }, RemoveMark c) => new ModuleMarkRemoved(c.Kind, c.Module, c.At),
        ({ Label: ModuleLabels.Draining } mark, ReportDrained c) => new ModuleMarked(c.Kind, c.Module, ModuleLabels.Drained, c.At, mark.Until),
        (_, RemoveMark or ReportDrained) => Nothing,
        _ => throw new UnreachableException($"{command} in {module}"),
    };

    /// <summary>Never refuses: what is stored has happened. Whether a mark still holds is asked with a time, see <see cref="ModuleState.MarkAt"/>.</summary>
    public static ModuleState Evolve(ModuleState module, ModuleEvent happened) => happened switch
    {
        ModuleMarked e => new Marked(e.Label, e.At, e.Until),
        ModuleMarkRemoved => new Unmarked(),
        _ => throw new UnreachableException($"{happened} in {module}"),
    };
}
