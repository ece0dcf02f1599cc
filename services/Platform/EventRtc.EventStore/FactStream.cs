namespace EventRtc.EventStore;

/// <summary>A stream on which nothing is decided: each fact is taken, one behind another.</summary>
/// <param name="clock">Gives the time under which facts are recorded.</param>
public sealed class FactStream<TFact>(PostgresEventStore store, StreamId stream, TimeProvider clock) where TFact : class
{
    private readonly CommandHandler<int, TFact, TFact> handler = new(store, 0, (count, _) => count + 1, (_, fact) => fact, clock);

    /// <param name="actor">See <see cref="EventHeaders"/>.</param>
    /// <exception cref="EventStoreUnavailableException">PostgreSQL is away; the fact may have been recorded.</exception>
    /// <exception cref="TimeoutException">Others were faster again and again; nothing was recorded.</exception>
    public async Task Append(TFact fact, string actor, CancellationToken ct)
    {
        var id = Guid.NewGuid();
        if (await handler.Handle(stream, fact, new CommandContext(id, actor, id.ToString("N")), ct) is Handled<int>.Refused refused)
            throw new TimeoutException($"Nothing could be added to {stream}: {refused.Why.Message}");
    }
}
