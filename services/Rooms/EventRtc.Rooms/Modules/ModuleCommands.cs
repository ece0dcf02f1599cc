using EventRtc.Domain;
using EventRtc.EventStore;
using EventRtc.Projections;

namespace EventRtc.Rooms.Modules;

/// <summary>The one way into a module's stream.</summary>
public sealed class ModuleCommands(PostgresEventStore store, TimeProvider clock)
{
    private readonly CommandHandler<ModuleState, ModuleCommand, ModuleEvent> handler = new(store, ModuleDecider.Initial, ModuleDecider.Evolve, ModuleDecider.Decide, clock);

    /// <summary>A module with an event that cannot be read and that nobody skipped is refused as <see cref="ModuleRejections.Degraded"/>.</summary>
    /// <exception cref="EventStoreUnavailableException">PostgreSQL is away; the same command may be sent again.</exception>
    public async Task<Handled<ModuleState>> Handle(ModuleCommand command, CommandContext context, CancellationToken ct)
    {
        try
        {
            return await handler.Handle(new StreamId(StreamNames.Of(new ModuleRef(command.Kind, command.Module))), command, context, ct);
        }
        catch (UndecodableEventException)
        {
            return new Handled<ModuleState>.Refused(ModuleRejections.Degraded);
        }
    }
}
