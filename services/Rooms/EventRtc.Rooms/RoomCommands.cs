using System.Diagnostics;
using EventRtc.Domain;
using EventRtc.EventStore;
using EventRtc.Rooms.Housekeeping;

namespace EventRtc.Rooms;

/// <summary>The one way into a room's stream.</summary>
public sealed class RoomCommands(PostgresEventStore store, HousekeepingOptions options, TimeProvider clock)
{
    private static readonly ActivitySource Source = new("EventRtc.Rooms");

    private readonly CommandHandler<RoomState, RoomCommand, RoomEvent> handler = new(store, RoomDecider.Initial, RoomDecider.Evolve, RoomDecider.Decide, clock);

    /// <summary>A room with an event that cannot be read and that nobody skipped is refused as <see cref="RoomRejections.Degraded"/>.</summary>
    /// <exception cref="EventStoreUnavailableException">PostgreSQL is away; the same command may be sent again.</exception>
    public Task<Handled<RoomState>> Handle(RoomCommand command, CommandContext context, CancellationToken ct) =>
        Guarded(command.GetType().Name, () => handler.Handle(StreamOf(command.Room), WithGrace(command), context, ct));

    /// <param name="guard">Looks at the very state that is decided on, and tells why the caller may not; null when it may. A repeated command is not asked again.</param>
    /// <inheritdoc cref="Handle(RoomCommand, CommandContext, CancellationToken)"/>
    public Task<Handled<RoomState>> Handle(RoomCommand command, Func<RoomState, Rejection?> guard, CommandContext context, CancellationToken ct) =>
        Guarded(command.GetType().Name, () => handler.Handle(StreamOf(command.Room), state => guard(state) is { } why ? why : RoomDecider.Decide(state, WithGrace(command)), context, ct));

    /// <summary>Several commands as one: all of them happen in one append, or none.</summary>
    /// <inheritdoc cref="Handle(RoomCommand, CommandContext, CancellationToken)"/>
    public Task<Handled<RoomState>> Handle(RoomId room, IReadOnlyList<RoomCommand> commands, CommandContext context, CancellationToken ct) =>
        Guarded(string.Join(", ", commands.Select(command => command.GetType().Name)), () => handler.Handle(StreamOf(room), state => RoomDecider.DecideAll(state, commands.Select(WithGrace)), context, ct));

    /// <param name="decide">Called again on each attempt, when somebody else was faster.</param>
    /// <inheritdoc cref="Handle(RoomCommand, CommandContext, CancellationToken)"/>
    public Task<Handled<RoomState>> Handle(RoomId room, Func<RoomState, Decision<RoomEvent>> decide, CommandContext context, CancellationToken ct) =>
        Guarded("decision", () => handler.Handle(StreamOf(room), decide, context, ct));

    /// <summary>The room as a command that decides to nothing would find it.</summary>
    /// <inheritdoc cref="Handle(RoomCommand, CommandContext, CancellationToken)"/>
    public Task<Handled<RoomState>> Find(RoomId room, CancellationToken ct) => Guarded("look", async () =>
    {
        var events = await History(room, ct);
        return new Handled<RoomState>.Done(Fold(events), events.Count, Appended: false);
    });

    /// <summary>Everything that ever happened under this id, oldest first; empty when nothing did.</summary>
    public Task<IReadOnlyList<RecordedEvent>> History(RoomId room, CancellationToken ct) => store.ReadStream(StreamOf(room), ct: ct);

    /// <summary>What the first events of a room amount to.</summary>
    /// <exception cref="UndecodableEventException">One of them cannot be read.</exception>
    public static RoomState Fold(IEnumerable<RecordedEvent> events) => events.Fold<RoomState, RoomEvent>(RoomDecider.Initial, RoomDecider.Evolve);

    /// <summary>How long a removal waits is for this service to say, whoever asks; here they all come by.</summary>
    private RoomCommand WithGrace(RoomCommand command) => command is RoomCommand.RemoveRoom remove ? remove with { Grace = options.DiscardAfter } : command;

    /// <param name="what">The commands, as the trace names them.</param>
    private static async Task<Handled<RoomState>> Guarded(string what, Func<Task<Handled<RoomState>>> work)
    {
        using var span = Source.StartActivity(what);
        try
        {
            var handled = await work();
            if (handled is Handled<RoomState>.Refused { Why.Code: var code })
                span?.SetTag("eventrtc.refused", code);
            return handled;
        }
        catch (UndecodableEventException)
        {
            return new Handled<RoomState>.Refused(RoomRejections.Degraded);
        }
    }

    private static StreamId StreamOf(RoomId room) => new($"room-{room}");
}
