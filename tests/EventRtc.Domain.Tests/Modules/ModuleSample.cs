using static EventRtc.Domain.ModuleEvent;

namespace EventRtc.Domain.Tests.Modules;

/// <summary>One module and its marks, ten seconds apart.</summary>
internal static class ModuleSample
{
    public static readonly ModuleId Janus = new("janus-1");

    public static readonly ModuleEvent Cordoned = Marked("cordon", 0);
    public static readonly ModuleEvent Briefly = Marked("cordon", 0, until: 20);
    public static readonly ModuleEvent Draining = Marked("draining", 0, until: 3600);
    public static readonly ModuleEvent Drained = Marked("drained", 10, until: 3600);
    public static readonly ModuleEvent Removed = new ModuleMarkRemoved(ModuleKind.Janus, Janus, At(20));

    public static DateTimeOffset At(double seconds) => new DateTimeOffset(2025, 3, 1, 12, 0, 0, TimeSpan.Zero).AddSeconds(seconds);

    public static ModuleEvent Marked(string label, double at, double? until = null) =>
        new ModuleMarked(ModuleKind.Janus, Janus, label, At(at), until is { } end ? At(end) : null);

    public static ModuleCommand Mark(string label, double at, double ttl = 0) =>
        new ModuleCommand.MarkModule(ModuleKind.Janus, Janus, label, TimeSpan.FromSeconds(ttl), At(at));

    public static ModuleCommand RemoveMark(double at) => new ModuleCommand.RemoveMark(ModuleKind.Janus, Janus, At(at));

    public static ModuleCommand ReportDrained(double at) => new ModuleCommand.ReportDrained(ModuleKind.Janus, Janus, At(at));

    public static ModuleState Fold(params IEnumerable<ModuleEvent> history) => history.Aggregate(ModuleDecider.Initial, ModuleDecider.Evolve);
}
