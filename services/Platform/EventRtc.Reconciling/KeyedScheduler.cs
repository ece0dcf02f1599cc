using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace EventRtc.Reconciling;

/// <summary>
/// Runs a reconciler for keys when they are due: several keys at once, the same key never, each waiting for one run at most. Whatever arrives while a key
/// runs leads to one more run after it, so the last news is always looked at. A run that throws is repeated after a pause that doubles.
/// </summary>
/// <param name="reconcile">Safe at any time and any number of times; gets a token that fires when the scheduler stops.</param>
public sealed class KeyedScheduler<TKey>(Func<TKey, CancellationToken, Task<Recheck>> reconcile, SchedulerOptions options, TimeProvider clock, ILogger log)
    where TKey : notnull
{
    /// <summary>Later than any timer reaches and than any process lives, and small enough to add to.</summary>
    private static readonly TimeSpan Farthest = TimeSpan.FromDays(10_000);
    private static readonly TimeSpan LongestTimer = TimeSpan.FromHours(1);

    private readonly Lock gate = new();
    private readonly Agenda<TKey> agenda = new(options.FirstRetry, options.LastRetry);
    private readonly Channel<bool> wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly long began = clock.GetTimestamp();
    private int running;
    private int started;
    private int counted;

    /// <summary>Run the key as soon as possible.</summary>
    public void Schedule(TKey key) => Schedule(key, TimeSpan.Zero);

    /// <summary>Run the key after the delay, or earlier when it waits for an earlier run already. Starts its retry pauses anew.</summary>
    public void Schedule(TKey key, TimeSpan delay)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        lock (gate)
        {
            agenda.Schedule(key, In(delay));
            Count(agenda.Count);
        }
        wake.Writer.TryWrite(true);
    }

    /// <summary>Runs what is due until cancelled; returns when the runs under way have ended too. What waits then keeps waiting for a next call.</summary>
    /// <exception cref="InvalidOperationException">It runs already.</exception>
    public async Task Run(CancellationToken ct)
    {
        if (Interlocked.Exchange(ref started, 1) != 0)
            throw new InvalidOperationException("The scheduler runs already.");
        Func<TimeSpan> late = Overdue;
        Metrics.Begin(options.Name, late);
        await using var timer = clock.CreateTimer(_ => wake.Writer.TryWrite(true), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        await using var stop = ct.Register(() => wake.Writer.TryWrite(true));
        while (!ct.IsCancellationRequested)
        {
            StartWhatIsDue(timer, ct);
            await wake.Reader.ReadAsync(CancellationToken.None);
        }
        while (Volatile.Read(ref running) > 0)
            await wake.Reader.ReadAsync(CancellationToken.None);
        Metrics.End(late);
        lock (gate)
            Count(0);
        Volatile.Write(ref started, 0);
    }

    /// <summary>Tells the metric how many keys there are; none once the scheduler has stopped, for nobody may run it again.</summary>
    private void Count(int keys)
    {
        if (keys != counted)
            Metrics.Queued(options.Name, keys - counted);
        counted = keys;
    }

    private TimeSpan Overdue()
    {
        lock (gate)
            return agenda.Overdue(Now);
    }

    private TimeSpan Now => clock.GetElapsedTime(began);

    private TimeSpan In(TimeSpan delay) => Now + (delay < Farthest ? delay : Farthest);

    private void StartWhatIsDue(ITimer timer, CancellationToken ct)
    {
        lock (gate)
        {
            var now = Now;
            for (; running < options.Parallelism && agenda.TryStart(now, out var key); running++)
            {
                Metrics.Waited(options.Name, agenda.Late);
                _ = Task.Run(() => RunOnce(key, ct), CancellationToken.None);
            }
            // With all places taken it is the end of a run that wakes the loop. Timers count whole milliseconds and must not ring before the time.
            if (running < options.Parallelism && agenda.NextDue is { } due)
                timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(Math.Min((due - now).TotalMilliseconds, LongestTimer.TotalMilliseconds))), Timeout.InfiniteTimeSpan);
        }
    }

    private async Task RunOnce(TKey key, CancellationToken ct)
    {
        using var ids = log.BeginScope(new[] { KeyValuePair.Create(options.KeyName, (object?)key) });
        var start = clock.GetTimestamp();
        var failed = false;
        try
        {
            var recheck = await reconcile(key, ct);
            lock (gate)
                agenda.Succeeded(key, recheck.Delay is { } delay ? In(delay) : null, Now);
        }
        catch (Exception e)
        {
            failed = true;
            TimeSpan again;
            lock (gate)
                again = agenda.Failed(key, Now) - Now;
            if (!ct.IsCancellationRequested)
            {
                Metrics.TriedAgain(options.Name);
                using var trace = FailedRun.TraceOf(e) is { } known ? log.BeginScope(new[] { known }) : null;
                log.LogWarning("{Loop}: {Key} failed: {Reason}; next attempt in {Pause}", options.Name, key, e.Message, again);
                log.LogDebug(e, "{Loop}: {Key} failed", options.Name, key);
            }
        }
        finally
        {
            Metrics.Ran(options.Name, clock.GetElapsedTime(start), failed);
            lock (gate)
            {
                running--;
                Count(agenda.Count);
            }
            wake.Writer.TryWrite(true);
        }
    }
}
