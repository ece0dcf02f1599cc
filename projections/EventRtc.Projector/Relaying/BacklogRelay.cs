using EventRtc.EventStore;

namespace EventRtc.Projector;

/// <summary>Hands on what has piled up: reads the log as one stream, and sends the next batches while Redis works on those before.</summary>
internal sealed class BacklogRelay(PostgresEventStore store, EventStreams streams, long fence)
{
    private const int InFlight = 3;

    /// <summary>Ends where the log ended when it began, or where Redis lost something.</summary>
    /// <returns>Up to where all partitions hold the store's events.</returns>
    /// <inheritdoc cref="Relay.Run"/>
    public async Task<Position> Run(Position reached, CancellationToken ct)
    {
        var sent = new Queue<Sent>();
        try
        {
            var next = reached;
            await foreach (var rows in store.ReadLog(reached, ct: ct))
            {
                var batch = streams.NewBatch(next).Add(rows.Rows);
                sent.Enqueue(new Sent(rows, batch.Last, TimeProvider.System.GetTimestamp(), streams.Append(fence, batch, ct)));
                next = batch.Last;
                if (sent.Count == InFlight && !await Arrived())
                    return reached;
            }
            while (sent.Count > 0 && await Arrived())
            {
            }
            return reached;
        }
        finally
        {
            while (sent.TryDequeue(out var left))
            {
                await ((Task)left.Reply).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                left.Rows.Dispose();
            }
        }

        async Task<bool> Arrived()
        {
            var first = sent.Peek();
            reached = await first.Reply;
            ProjectorMetrics.Relayed(first.Rows.Rows.Count, reached, TimeProvider.System.GetElapsedTime(first.Started));
            sent.Dequeue().Rows.Dispose();
            return reached >= first.Last;
        }
    }

    private sealed record Sent(LogBatch Rows, Position Last, long Started, Task<Position> Reply);
}
