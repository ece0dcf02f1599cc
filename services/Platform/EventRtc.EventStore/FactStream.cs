namespace EventRtc.EventStore;

/// <summary>A stream on which nothing is decided: each fact is taken, one behind another.</summary>
/// <param name="clock">Gives the time under which facts are recorded.</param>
public sealed class FactStream<TFact>(PostgresEventStore store, StreamId stream, TimeProvider clock) where TFact : class
{
    /// <summary>Each time somebody else has recorded a fact, so with a few writers at once all come to their turn; more would be something wrong.</summary>
    private const int Rounds = 20;

    private readonly CommandHandler<int, TFact, TFact> handler = new(store, 0, (count, _) => count + 1, (_, fact) => fact, clock);

    /// <param name="actor">See <see cref="EventHeaders"/>.</param>
    /// <exception cref="EventStoreUnavailableException">PostgreSQL is away; the fact may have been recorded.</exception>
    /// <exception cref="TimeoutException">Others were faster again and again; nothing was recorded.</exception>
    public async Task Append(TFact fact, string actor, CancellationToken ct)
    {
        var id = Guid.NewGuid();
        for (var round = 0; round < Rounds; round++)
            if (await handler.Handle(stream, fact, new CommandContext(id, actor, id.ToString("N")), ct) is Handled<int>.Done)
                return;
        throw new TimeoutException($"Nothing could be added to {stream}: others were faster again and again.");
    }
}
