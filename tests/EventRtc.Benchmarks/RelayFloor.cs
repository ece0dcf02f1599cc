using System.Diagnostics;
using EventRtc.Streams;

namespace EventRtc.Benchmarks;

/// <summary>
/// What the machine gives for writing entries to Redis and nothing else: XADD with ids of our own, many in flight on one connection. The entries are those that the
/// relay wrote: the same fields of the same sizes, in as many streams.
/// </summary>
internal static class RelayFloor
{
    private const int InFlight = 1000;

    /// <param name="samples">Entries to write again and again.</param>
    public static async Task<double> Measure(RedisClient redis, IReadOnlyList<IReadOnlyList<NameValueEntry>> samples, int streams, int entries, CancellationToken ct)
    {
        var flat = samples.Select(fields => fields.SelectMany(field => (RedisValue[])[field.Name, field.Value]).ToArray()).ToArray();
        await redis.PingAsync(ct); // calls that wait for a connection may leave in another order
        var waiting = new Queue<Task>(InFlight);
        var watch = Stopwatch.StartNew();
        for (var n = 1; n <= entries; n++)
        {
            if (waiting.Count == InFlight)
                await waiting.Dequeue();
            waiting.Enqueue(redis.ExecuteAsync(["XADD", $"floor:{n % streams}", $"{n}-0", .. flat[n % flat.Length]], ct));
        }
        await Task.WhenAll(waiting);
        return entries / watch.Elapsed.TotalSeconds;
    }
}
