using System.Diagnostics;
using System.Text;
using EventRtc.Domain;

namespace EventRtc.EventStore;

/// <summary>
/// Runs a pure decider on a stream: load, fold, decide, append; again from the start when somebody else was faster. Idempotent per command id: a command
/// whose events stand in the stream already is not decided a second time.
/// </summary>
/// <param name="initial">The state of a stream without events.</param>
/// <param name="clock">Gives the time under which events are recorded.</param>
public sealed class CommandHandler<TState, TCommand, TEvent>(
    PostgresEventStore store, TState initial, Func<TState, TEvent, TState> evolve, Func<TState, TCommand, Decision<TEvent>> decide, TimeProvider clock)
    where TEvent : class
{
    /// <summary>
    /// The first try and three more. Commands of this process wait for one another, so only other processes can be faster, and that often in a row only
    /// where something is wrong.
    /// </summary>
    private const int MaxAttempts = 4;

    private static readonly EventTypes Types = EventTypes.Of<TEvent>();

    private readonly StreamTurns turns = new();

    /// <exception cref="EventStoreUnavailableException">PostgreSQL is away. The command may have been executed: repeat it with the same id.</exception>
    /// <exception cref="UndecodableEventException">The stream holds an event that cannot be decoded and that nobody skipped: nothing can be decided.</exception>
    public Task<Handled<TState>> Handle(StreamId stream, TCommand command, CommandContext context, CancellationToken ct = default) =>
        Handle(stream, state => decide(state, command), context, ct);

    /// <summary>For a decision that needs more than a command; called again on each attempt.</summary>
    /// <inheritdoc cref="Handle(StreamId, TCommand, CommandContext, CancellationToken)"/>
    public async Task<Handled<TState>> Handle(
        StreamId stream, Func<TState, Decision<TEvent>> decideOn, CommandContext context, CancellationToken ct = default)
    {
        using var turn = await turns.Await(stream, ct);
        for (var attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            var (state, tip, decided) = await Load(stream, context.CommandId, ct);
            if (decided)
                return new Handled<TState>.Done(state, tip.Version, Appended: true);

            switch (decideOn(state))
            {
                case Decision<TEvent>.Refused refused:
                    return new Handled<TState>.Refused(refused.Why);
                case Decision<TEvent>.Accepted { Events.IsEmpty: true }:
                    return new Handled<TState>.Done(state, tip.Version, Appended: false);
                case Decision<TEvent>.Accepted { Events: var events }:
                    // After a conflict, or when another try of this command was faster, the stream tells what holds.
                    if (await Append(stream, tip, events, context, ct) is AppendResult.Appended { Repeated: false } appended)
                        return new Handled<TState>.Done(events.Aggregate(state, evolve), appended.Version, Appended: true);
                    break;
            }
            StoreTelemetry.DecidedAnew();
            await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(1 << Math.Min(attempt, 6))), clock, ct);
        }
        return new Handled<TState>.Refused(Contended);
    }

    private static Rejection Contended { get; } =
        new(RejectionKind.Conflict, "too_many_changes", "Too much is changing at once; try again.", Retryable: true);

    /// <summary>Folds the stream; only as far as the command's own events when they stand in it.</summary>
    private async Task<(TState State, StreamTip Tip, bool Decided)> Load(StreamId stream, Guid commandId, CancellationToken ct)
    {
        var events = await store.ReadStream(stream, ct: ct);
        var own = events.LastOrDefault(e => e.Headers.CommandId == commandId);
        var tip = (own ?? (events.Count > 0 ? events[^1] : null))?.Tip ?? StreamTip.None;
        var state = events.TakeWhile(e => e.Version <= tip.Version).Fold(initial, evolve);
        return (state, tip, own is not null);
    }

    private async Task<AppendResult> Append(StreamId stream, StreamTip tip, IReadOnlyList<TEvent> events, CommandContext context, CancellationToken ct)
    {
        using var span = StoreTelemetry.Append(stream, events.Count);
        var now = clock.GetUtcNow();
        var trace = Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity ? activity.Id : null;
        return await store.Append(
            stream, tip, [.. events.Select((e, i) => Encode(e, EventId.For(context.CommandId, i), now))],
            new EventHeaders(context.Actor, context.CommandId, context.CorrelationId, trace), ct);
    }

    private static NewEvent Encode(TEvent happened, Guid id, DateTimeOffset at) =>
        new(id, Types.NameOf(happened), DotNetName(happened.GetType()), Encoding.UTF8.GetString(EventTypes.Encode(happened)), at);

    private static string DotNetName(Type type) => $"{type.FullName}, {type.Assembly.GetName().Name}";
}
