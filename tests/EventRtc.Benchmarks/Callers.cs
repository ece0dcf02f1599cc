using System.Collections.Concurrent;
using System.Diagnostics;

namespace EventRtc.Benchmarks;

/// <summary>Callers that each do one thing after another, awaiting each answer, for a while.</summary>
internal static class Callers
{
    /// <param name="PerSecond">Answers of all callers together.</param>
    /// <param name="P50">Of the time from call to answer, in ms.</param>
    public sealed record Outcome(double PerSecond, double P50, long Calls);

    public static async Task<Outcome> Run(int callers, TimeSpan time, Func<int, Task> call)
    {
        var times = new ConcurrentBag<List<double>>();
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            var own = new List<double>(4096);
            while (watch.Elapsed < time)
            {
                var started = Stopwatch.GetTimestamp();
                await call(caller);
                own.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }
            times.Add(own);
        })));
        var took = watch.Elapsed.TotalSeconds;
        var all = times.SelectMany(own => own).ToList();
        return new Outcome(all.Count / took, Percentile.Median(all), all.Count);
    }
}
