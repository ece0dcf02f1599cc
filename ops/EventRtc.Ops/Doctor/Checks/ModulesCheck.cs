using EventRtc.Domain;

namespace EventRtc.Ops.Doctor.Checks;

/// <summary>A room that is started now gets a Janus and a mixer.</summary>
internal static class ModulesCheck
{
    /// <summary>Pure.</summary>
    public static void Judge(Report report, IReadOnlyList<SeenModule> all)
    {
        foreach (var kind in ModuleKinds.All)
            Judge(report, kind, [.. all.Where(module => module.Kind == kind)]);
    }

    private static void Judge(Report report, ModuleKind kind, IReadOnlyList<SeenModule> modules)
    {
        var (word, fit) = (kind.Plural(), modules.Where(module => module.Now.Hindrance is null).ToList());
        if (modules.Count == 0)
            report.Fail(word, "there is none", $"Start a {kind.Word()} worker; one that runs and is not here cannot reach etcd, or has another ETCD_PREFIX_{kind.Word().ToUpperInvariant()}_STORE.");
        else if (fit.Count == 0)
            report.Fail(word, $"none takes rooms: {Hindrances(modules)}", $"{Remedy(modules[0])} Or start another one.");
        else
            report.Ok(word, $"{fit.Count} of {modules.Count} take rooms, {fit.Sum(module => (module.Now.Capacity ?? 0) - module.Now.RoomsLeft):N0} places are left");
        foreach (var module in modules.Where(module => fit.Count > 0 && module.Now.Hindrance is not null))
            report.Warn(module.Name, $"{module.Now.Hindrance}: it takes no rooms", Remedy(module));
    }

    private static string Hindrances(IEnumerable<SeenModule> modules) => string.Join("; ", modules.Select(module => $"{module.Now.Id} {module.Now.Hindrance}"));

    private static string Remedy(SeenModule module) => module.Now switch
    {
        { Heartbeat: null } => $"Start {module.Name}, or forget it with 'eventrtc unmark {module.Name}'.",
        { Heartbeat.Status: not Projections.Heartbeat.Healthy } => $"See the log of {module.Name}'s worker: its disk may be full, or it is about to stop.",
        { Label: not (null or ModuleLabels.Ready) } => $"'eventrtc unmark {module.Name}' lets it take rooms again.",
        _ => $"{module.Name} is full: more capacity is needed.",
    };
}
