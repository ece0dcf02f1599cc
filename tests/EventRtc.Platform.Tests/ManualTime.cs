namespace EventRtc.Platform.Tests;

/// <summary>A clock that stands still until it is told to go on; its timers ring then, in the order of their times, on the caller's thread.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<Timer> timers = [];
    private TimeSpan now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>When the next timer rings, from now; null when none is set.</summary>
    public TimeSpan? NextRing
    {
        get
        {
            lock (gate)
                return timers.Min(timer => timer.Due) - now;
        }
    }

    public override long GetTimestamp()
    {
        lock (gate)
            return now.Ticks;
    }

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(GetTimestamp());

    public void Advance(TimeSpan by)
    {
        var until = TimeSpan.FromTicks(GetTimestamp()) + by;
        while (TakeRing(until) is { } ring)
            ring();
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        lock (gate)
            timers.Add(timer);
        timer.Change(dueTime, period);
        return timer;
    }

    private Action? TakeRing(TimeSpan until)
    {
        lock (gate)
        {
            var next = timers.Where(timer => timer.Due <= until).MinBy(timer => timer.Due);
            now = next?.Due > now ? next.Due.Value : next is null ? until : now;
            if (next is null)
                return null;
            next.Due = next.Period is { } period ? now + period : null;
            return next.Ring;
        }
    }

    private sealed class Timer(ManualTime time, Action ring) : ITimer
    {
        public TimeSpan? Due { get; set; }

        public TimeSpan? Period { get; private set; }

        public Action Ring => ring;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time.gate)
            {
                if (!time.timers.Contains(this))
                    return false;
                Due = dueTime > TimeSpan.Zero ? time.now + dueTime : null;
                Period = period > TimeSpan.Zero ? period : null;
            }
            // As with a real timer, no time at all means soon, and on another thread.
            if (dueTime == TimeSpan.Zero)
                ThreadPool.UnsafeQueueUserWorkItem(static timer => timer.Ring(), this, preferLocal: false);
            return true;
        }

        public void Dispose()
        {
            lock (time.gate)
                time.timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
