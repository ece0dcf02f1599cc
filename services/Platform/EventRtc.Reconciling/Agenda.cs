namespace EventRtc.Reconciling;

/// <summary>
/// Which keys wait for what time, which run, and which fail: the scheduler's state without its threads. Times count from the scheduler's beginning.
/// A key waits for one run at most, and what becomes due while it runs waits for that run's end.
/// </summary>
internal sealed class Agenda<TKey>(TimeSpan firstRetry, TimeSpan lastRetry) where TKey : notnull
{
    private readonly Dictionary<TKey, Entry> entries = [];
    private readonly SortedSet<Entry> waiting = new(ByDue.Order);
    private long ticket;

    /// <summary>When the next key is due that may run; null when none waits.</summary>
    public TimeSpan? NextDue => waiting.Min?.Due;

    /// <summary>Something new is known about the key: run it at that time, or earlier if it waits for an earlier one. Its failures count from the start again.</summary>
    public void Schedule(TKey key, TimeSpan due)
    {
        if (!entries.TryGetValue(key, out var entry))
            entries.Add(key, entry = new Entry(key));
        entry.Failures = 0;
        Wait(entry, due);
    }

    /// <summary>Takes the key that is due the longest.</summary>
    public bool TryStart(TimeSpan now, out TKey key)
    {
        key = default!;
        if (waiting.Min is not { } entry || entry.Due > now)
            return false;
        waiting.Remove(entry);
        entry.Due = null;
        entry.Running = true;
        key = entry.Key;
        return true;
    }

    /// <param name="again">When the run itself asks for the next; null for never.</param>
    public void Succeeded(TKey key, TimeSpan? again) => End(entries[key], failures: 0, again);

    /// <summary>Returns when the key is tried again.</summary>
    public TimeSpan Failed(TKey key, TimeSpan now)
    {
        var entry = entries[key];
        // In powers of two, up to the longest; 2^40 times any pause is long enough and still a number.
        var pause = Math.Min(firstRetry.TotalMilliseconds * Math.Pow(2, Math.Min(entry.Failures, 40)), lastRetry.TotalMilliseconds);
        End(entry, entry.Failures + 1, now + TimeSpan.FromMilliseconds(pause));
        return entry.Due!.Value;
    }

    private void End(Entry entry, int failures, TimeSpan? again)
    {
        entry.Running = false;
        entry.Failures = failures;
        if ((again ?? entry.Due) is { } due)
            Wait(entry, due);
        else
            entries.Remove(entry.Key);
    }

    private void Wait(Entry entry, TimeSpan due)
    {
        if (entry.Due is { } known)
        {
            waiting.Remove(entry);
            due = known < due ? known : due;
        }
        if (entry.Due != due)
            (entry.Due, entry.Ticket) = (due, ++ticket);
        if (!entry.Running)
            waiting.Add(entry);
    }

    private sealed class Entry(TKey key)
    {
        public TKey Key { get; } = key;
        public TimeSpan? Due { get; set; }
        public long Ticket { get; set; }
        public bool Running { get; set; }
        public int Failures { get; set; }
    }

    /// <summary>The earlier first, of equals the one that was scheduled first.</summary>
    private sealed class ByDue : IComparer<Entry>
    {
        public static readonly ByDue Order = new();

        public int Compare(Entry? x, Entry? y) => (x!.Due!.Value, x.Ticket).CompareTo((y!.Due!.Value, y.Ticket));
    }
}
