using EventRtc.Etcd;
using EventRtc.EventStore;

namespace EventRtc.Projector;

/// <summary>
/// Hands every event of the store on to Redis, once and in order. It knows where to go on by what Redis holds, so a Redis that lost its streams, or went back to an
/// older state, is filled up again. One relay leads, so that the others cost nothing; were there two, Redis would still get each event once.
/// </summary>
public sealed class Relay(PostgresEventStore store, EventStreams streams, Leadership leadership, ProjectorOptions options)
{
    /// <summary>Runs until cancelled.</summary>
    /// <param name="fence">Given by <see cref="Leadership"/>.</param>
    /// <exception cref="FencedException">Another relay leads: campaign again.</exception>
    /// <exception cref="EventStoreUnavailableException">PostgreSQL is away: run it again.</exception>
    /// <exception cref="EventRtc.Streams.RedisException">Redis is away: run it again.</exception>
    /// <exception cref="InvalidOperationException">Redis holds events that the store does not have.</exception>
    public async Task Run(long fence, CancellationToken ct)
    {
        await store.Migrate(ct);
        await using var appended = store.Listen();
        var reached = await Begin(fence, ct);
        IReadOnlyList<RecordedEvent> brought = [];
        while (true)
        {
            var batch = brought.Count > 0 ? brought : await store.ReadAll(reached, options.BatchSize, ct);
            brought = [];
            if (batch.Count == 0)
                await RefuseOlderStore(reached, ct);
            var (after, began, started) = (reached, TimeProvider.System.GetUtcNow(), TimeProvider.System.GetTimestamp());
            reached = await streams.Append(fence, streams.NewBatch(after).Add(batch), ct);
            ProjectorMetrics.Relayed(batch.Count, reached, TimeProvider.System.GetElapsedTime(started));
            ProjectorTracing.Relayed(batch, began);
            if (batch.Count == options.BatchSize)
                reached = await new BacklogRelay(store, streams, fence).Run(reached, ct);
            else if (reached >= after)
                brought = await appended.Wait(reached, options.BatchSize, options.PollInterval, ct);
        }
    }

    /// <summary>
    /// Makes this relay's fence the highest. One that is higher already means that another relay was elected later, unless etcd says that this one leads:
    /// then etcd lost its data and counts from the beginning again.
    /// </summary>
    private async Task<Position> Begin(long fence, CancellationToken ct)
    {
        var nothing = streams.NewBatch(Position.Start);
        try
        {
            return await streams.Append(fence, nothing, ct);
        }
        catch (FencedException refused)
        {
            if (!await leadership.Holds(fence, ct))
                throw;
            await streams.LowerFence(refused.Highest, fence, ct);
            return await streams.Append(fence, nothing, ct);
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
