namespace EventRtc.Reconciling;

/// <summary>
/// Which keys wait for what time, which run, and which fail: the scheduler's state without its threads. Times count from the scheduler's beginning.
/// A key waits for one run at most, and what becomes due while it runs waits for that run's end.
/// </summary>
internal sealed class Agenda<TKey>(TimeSpan firstRetry, TimeSpan lastRetry) where TKey : notnull
{
    /// <summary>How many outdated places the heap may hold before it is made anew.</summary>
    private const int Slack = 64;

    private readonly Dictionary<TKey, Entry> entries = [];

    /// <summary>The earlier first, of equals the one that was scheduled first. A key that got an earlier time leaves its former place behind, which is passed over.</summary>
    private readonly PriorityQueue<Entry, (TimeSpan Due, long Ticket)> heap = new();
    private long ticket;

    /// <summary>When the next key is due that may run; null when none waits.</summary>
    public TimeSpan? NextDue => Next()?.Due;

    /// <summary>Keys that wait or run.</summary>
    public int Count => entries.Count;

    /// <summary>How long after it could be started the key was started that was started last; the end of its own former run is not counted as waiting.</summary>
    public TimeSpan Late { get; private set; }

    /// <summary>How long the key could have been started that could be the longest and was not; zero when none is due. Looks at every key.</summary>
    public TimeSpan Overdue(TimeSpan now) => entries.Values.Max(waiting => waiting is { Running: false, DueSince: { } since } && since < now ? now - since : default(TimeSpan?)) ?? TimeSpan.Zero;

    /// <summary>Places in the heap, the outdated ones included: at most twice as many as keys, and a few.</summary>
    internal int Places => heap.Count;

    /// <summary>Something new is known about the key: run it at that time, or earlier if it waits for an earlier one. Its failures count from the start again.</summary>
    public void Schedule(TKey key, TimeSpan due)
    {
        if (!entries.TryGetValue(key, out var entry))
            entries.Add(key, entry = new Entry(key));
        entry.Failures = 0;
        if (entry.Hurry(due, ref ticket) && !entry.Running)
            Queue(entry);
    }

    /// <summary>Takes the key that is due the longest.</summary>
    public bool TryStart(TimeSpan now, out TKey key)
    {
        key = default!;
        if (Next() is not { } entry || entry.Due > now)
            return false;
        heap.Dequeue();
        Late = now - entry.DueSince!.Value;
        entry.Due = null;
        entry.Running = true;
        key = entry.Key;
        return true;
    }

    /// <param name="again">When the run itself asks for the next; null for never.</param>
    /// <param name="now">When the run ended.</param>
    public void Succeeded(TKey key, TimeSpan? again, TimeSpan now = default) => End(entries[key], failures: 0, again, now);

    /// <summary>Returns when the key is tried again.</summary>
    public TimeSpan Failed(TKey key, TimeSpan now)
    {
        var entry = entries[key];
        // In powers of two, up to the longest; 2^40 times any pause is long enough and still a number.
        var pause = Math.Min(firstRetry.TotalMilliseconds * Math.Pow(2, Math.Min(entry.Failures, 40)), lastRetry.TotalMilliseconds);
        End(entry, entry.Failures + 1, now + TimeSpan.FromMilliseconds(pause), now);
        return entry.Due!.Value;
    }

    private void End(Entry entry, int failures, TimeSpan? again, TimeSpan now)
    {
        entry.FreeSince = now;
        entry.Running = false;
        entry.Failures = failures;
        if (again is { } due)
            entry.Hurry(due, ref ticket);
        if (entry.Due is not null)
            Queue(entry);
        else
            entries.Remove(entry.Key);
    }

    private void Queue(Entry entry)
    {
        heap.Enqueue(entry, entry.Place);
        if (heap.Count <= 2 * entries.Count + Slack)
            return;
        heap.Clear();
        heap.EnqueueRange(entries.Values.Where(waiting => waiting.IsAt(waiting.Place)).Select(waiting => (waiting, waiting.Place)));
    }

    /// <summary>The first in the heap, after outdated places were taken off.</summary>
    private Entry? Next()
    {
        while (heap.TryPeek(out var entry, out var place))
        {
            if (entry.IsAt(place))
                return entry;
            heap.Dequeue();
        }
        return null;
    }

    private sealed class Entry(TKey key)
    {
        private long ticket;

        public TKey Key { get; } = key;
        public TimeSpan? Due { get; set; }
        public bool Running { get; set; }
        public int Failures { get; set; }

        /// <summary>When its last run ended.</summary>
        public TimeSpan FreeSince { get; set; }

        /// <summary>From when on it can be started; null when it waits for nothing.</summary>
        public TimeSpan? DueSince => Due > FreeSince ? Due : Due is null ? null : FreeSince;

        public (TimeSpan Due, long Ticket) Place => (Due ?? TimeSpan.MaxValue, ticket);

        /// <summary>Whether it waits at this place, and not at an earlier one by now.</summary>
        public bool IsAt((TimeSpan Due, long Ticket) place) => !Running && Due is not null && Place == place;

        /// <returns>Whether that is earlier than what it waits for.</returns>
        public bool Hurry(TimeSpan due, ref long tickets)
        {
            if (Due <= due)
                return false;
            (Due, ticket) = (due, ++tickets);
            return true;
        }
    }
}
