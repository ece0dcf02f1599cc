using EventRtc.Domain;
using EventRtc.EventStore;
using EventRtc.Hosting.Logging;

namespace EventRtc.Rooms.Modules;

/// <summary>Marks modules drained that were draining and hold no room any more. Any number may do so at once: who comes second records nothing.</summary>
public sealed class Drained(AllModules modules, ModuleCommands commands, TimeProvider clock, ILogger<Drained> log)
{
    private const string Actor = "housekeeping";

    /// <summary>Looks at every module once. Nothing happens while etcd is away: that no room is known does not mean that there is none.</summary>
    /// <exception cref="EventStoreUnavailableException">PostgreSQL is away: do it again.</exception>
    public async Task Report(CancellationToken ct)
    {
        if (!modules.Synced || !modules.AnyMarked(ModuleLabels.Draining))
            return;
        foreach (var (module, _, _) in modules.List().Where(IsEmpty))
        {
            var id = Guid.NewGuid();
            using var ids = log.With(("Command", id));
            var report = new ModuleCommand.ReportDrained(module.Kind, module.Id, clock.GetUtcNow());
            if (await commands.Handle(report, new CommandContext(id, Actor, id.ToString("N")), ct) is Handled<ModuleState>.Done { Appended: true })
                log.LogInformation("Module {Module} is drained", module);
        }
    }

    /// <summary>Nothing is assigned to it, and it says itself that it holds nothing; one that is gone has nothing to say.</summary>
    private static bool IsEmpty(KnownModule module) => module is { Seen: { Label: ModuleLabels.Draining, Heartbeat: null or { Streams: 0 } }, Rooms: 0 };
}
