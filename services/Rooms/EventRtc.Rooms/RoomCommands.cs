using EventRtc.Domain;
using EventRtc.EventStore;

namespace EventRtc.Rooms;

/// <summary>The one way into a room's stream.</summary>
public sealed class RoomCommands(PostgresEventStore store, TimeProvider clock)
{
    private readonly CommandHandler<RoomState, RoomCommand, RoomEvent> handler = new(store, RoomDecider.Initial, RoomDecider.Evolve, RoomDecider.Decide, clock);

    /// <exception cref="EventStoreUnavailableException">PostgreSQL is away; the same command may be sent again.</exception>
    public Task<Handled<RoomState>> Handle(RoomCommand command, CommandContext context, CancellationToken ct) =>
        handler.Handle(StreamOf(command.Room), command, context, ct);

    /// <summary>Several commands as one: all of them happen in one append, or none.</summary>
    public Task<Handled<RoomState>> Handle(RoomId room, IReadOnlyList<RoomCommand> commands, CommandContext context, CancellationToken ct) =>
        handler.Handle(StreamOf(room), state => RoomDecider.DecideAll(state, commands), context, ct);

    public async Task<RoomState> Find(RoomId room, CancellationToken ct) =>
        (await store.ReadStream(StreamOf(room), ct: ct)).Select(Decode).Aggregate(RoomDecider.Initial, RoomDecider.Evolve);

    /// <summary>Everything that ever happened under this id, oldest first; empty when nothing did.</summary>
    public Task<IReadOnlyList<RecordedEvent>> History(RoomId room, CancellationToken ct) => store.ReadStream(StreamOf(room), ct: ct);

    private static RoomEvent Decode(RecordedEvent recorded) => recorded.Decode<RoomEvent>();

    private static StreamId StreamOf(RoomId room) => new($"room-{room}");
}
