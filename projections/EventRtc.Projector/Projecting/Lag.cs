using EventRtc.EventStore;
using EventRtc.Streams;

namespace EventRtc.Projector;

/// <summary>How far the views in etcd are behind the store.</summary>
/// <param name="Events">From the oldest event that its room does not show to the last one; 0 when etcd shows all.</param>
/// <param name="Age">Of that oldest event; 0 when etcd shows all.</param>
public sealed record Lag(long Events, TimeSpan Age)
{
    public static readonly Lag None = new(0, TimeSpan.Zero);

    public override string ToString() => FormattableString.Invariant($"{Events} events, {Age.TotalSeconds:0.0} s");
}

/// <summary>Measures the lag of all projectors together, and records it; any replica may, it costs a few reads.</summary>
public sealed class LagMeter(PostgresEventStore store, EventStreams streams, TimeProvider clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private LagMetrics? metrics;

    /// <summary>The oldest position that was not shown when Redis last said; 0 while it never did.</summary>
    private long lastOldest;

    /// <summary>Runs until cancelled. While Redis is away nothing goes on, so what was not shown by then is counted still, and all that has happened since.</summary>
    /// <inheritdoc cref="Measure"/>
    public async Task Run(CancellationToken ct)
    {
        ProjectorMetrics.Begin();
        metrics ??= new LagMetrics(clock);
        while (true)
        {
            metrics.Parked((await store.Parked.List(ct: ct)).Count(parked => parked.SkippedAt is null));
            try
            {
                metrics.Measured(await Measure(ct));
            }
            catch (RedisException) when (Volatile.Read(ref lastOldest) is > 0 and var oldest)
            {
                metrics.Measured(await Behind(new Position(oldest), await store.Head(ct), ct));
                throw;
            }
            await Task.Delay(Interval, clock, ct);
        }
    }

    /// <exception cref="EventStoreUnavailableException">PostgreSQL is away: run it again.</exception>
    /// <exception cref="RedisException">Redis is away: run it again.</exception>
    public async Task<Lag> Measure(CancellationToken ct)
    {
        var head = await store.Head(ct);
        var places = await streams.Places(ct);
        var relayed = places.Min(place => place.End);
        var waiting = places.SelectMany(place => (Position?[])[place.OldestPending, place.Next]).OfType<Position>();
        var oldest = waiting.Append(new Position(relayed.Value + 1)).Min();
        Volatile.Write(ref lastOldest, oldest.Value);
        return await Behind(oldest, head, ct);
    }

    /// <param name="oldest">The first that is not shown, or will not be.</param>
    private async Task<Lag> Behind(Position oldest, Position head, CancellationToken ct)
    {
        if (oldest > head)
            return Lag.None;
        var age = await store.ReadAll(new Position(oldest.Value - 1), limit: 1, ct) is [var e] ? clock.GetUtcNow() - e.At : TimeSpan.Zero;
        return new Lag(head.Value - oldest.Value + 1, age > TimeSpan.Zero ? age : TimeSpan.Zero);
    }
}
