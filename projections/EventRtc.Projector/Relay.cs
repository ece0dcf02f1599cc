using EventRtc.EventStore;

namespace EventRtc.Projector;

/// <summary>
/// Hands every event of the store on to Redis, once and in order. It knows where to go on by what Redis holds, so any number of relays may run,
/// and a Redis that lost its streams, or went back to an older state, is filled up again.
/// </summary>
public sealed class Relay(PostgresEventStore store, EventStreams streams, ProjectorOptions options)
{
    /// <summary>Runs until cancelled.</summary>
    /// <exception cref="EventStoreUnavailableException">PostgreSQL is away: run it again.</exception>
    /// <exception cref="EventRtc.Streams.RedisException">Redis is away: run it again.</exception>
    /// <exception cref="InvalidOperationException">Redis holds events that the store does not have.</exception>
    public async Task Run(CancellationToken ct)
    {
        await store.Migrate(ct);
        await using var appended = store.Listen();
        var reached = await streams.Append(Position.Start, [], ct);
        while (true)
        {
            var batch = await store.ReadAll(reached, options.BatchSize, ct);
            if (batch.Count == 0)
                await RefuseOlderStore(reached, ct);
            var after = reached;
            reached = await streams.Append(after, batch, ct);
            ProjectorMetrics.Relayed(batch.Count, reached);
            if (reached >= after && batch.Count < options.BatchSize)
                await appended.Wait(options.PollInterval, ct);
        }
    }

    /// <summary>A store that was set back gives positions away again that Redis takes for known: nothing would be handed on for a long time.</summary>
    private async Task RefuseOlderStore(Position reached, CancellationToken ct)
    {
        var head = await store.Head(ct);
        if (head < reached)
            throw new InvalidOperationException(
                $"Redis holds events up to position {reached}, the store only up to {head}. Was the store restored or emptied? Then delete {string.Join(", ", streams.Keys)}.");
    }
}
