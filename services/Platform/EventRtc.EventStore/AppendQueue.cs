namespace EventRtc.EventStore;

/// <summary>
/// Group commit. Appends run one after another anyway, under one lock; those that arrive while one is on its way share the next transaction,
/// so throughput grows with load while a lone append does not wait.
/// </summary>
/// <param name="limit">How many may wait; one more is refused, so that a slow PostgreSQL shows at the callers and not in our memory.</param>
/// <param name="commit">Appends a group in one transaction and answers in its order. Throws when none of the group may count as appended.</param>
internal sealed class AppendQueue(int limit, Func<IReadOnlyList<AppendRequest>, Task<IReadOnlyList<AppendResult>>> commit, TimeProvider clock) : IAsyncDisposable
{
    /// <summary>Bounds one transaction, and with it how long other processes wait for the lock.</summary>
    private const int MaxGroup = 128;

    /// <summary>
    /// When the connection breaks, the same group goes out again after these pauses: its event ids tell PostgreSQL what landed already. After the last one the callers
    /// are told; longer outages are theirs to sit out.
    /// </summary>
    private static readonly TimeSpan[] Pauses = [TimeSpan.Zero, TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(400)];

    private readonly Lock gate = new();
    private readonly LinkedList<AppendRequest> waiting = new();
    private readonly HashSet<string> streams = new(StringComparer.Ordinal);
    private Task committing = Task.CompletedTask;
    private bool busy;

    /// <exception cref="EventStoreBusyException">Too many wait already; this one was not taken.</exception>
    public async Task<AppendResult> Add(AppendRequest request, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        bool first;
        lock (gate)
        {
            if (waiting.Count >= limit)
                throw new EventStoreBusyException(limit);
            waiting.AddLast(request);
            (first, busy) = (!busy, true);
        }
        if (first)
            committing = CommitAll();
        await using (ct.UnsafeRegister(static (state, token) => ((Withdrawal)state!).Do(token), new Withdrawal(this, request)))
            return await request.Answer;
    }

    /// <summary>Waits for what is on its way; nothing is to be added any more.</summary>
    public async ValueTask DisposeAsync() => await committing;

    private async Task CommitAll()
    {
        while (NextGroup() is { Count: > 0 } group)
        {
            var started = clock.GetTimestamp();
            await Commit(group);
            await Gather(group.Count, clock.GetElapsedTime(started));
        }
    }

    /// <summary>
    /// Those just answered are likely to come again at once. Going on without them would halve the groups, each with the whole price of a transaction, so they get a moment: while
    /// fewer wait than lately came together, and no longer than a fraction of what a transaction takes.
    /// </summary>
    private async Task Gather(int answered, TimeSpan took)
    {
        var started = clock.GetTimestamp();
        var expected = Math.Min(MaxGroup, answered + Waiting);
        while (answered > 1 && Waiting < expected && clock.GetElapsedTime(started) < took / 4)
            await Task.Yield();
    }

    private int Waiting
    {
        get
        {
            lock (gate)
                return waiting.Count;
        }
    }

    /// <summary>In the order of their coming, but each stream once: a second request for it waits for the group after.</summary>
    private List<AppendRequest> NextGroup()
    {
        lock (gate)
        {
            var group = new List<AppendRequest>(Math.Min(waiting.Count, MaxGroup));
            streams.Clear();
            for (var node = waiting.First; node is not null && group.Count < MaxGroup;)
            {
                var (request, next) = (node.Value, node.Next);
                if (streams.Add(request.Stream.Value))
                {
                    waiting.Remove(node);
                    if (request.TryTake())
                        group.Add(request);
                }
                node = next;
            }
            busy = group.Count > 0;
            return group;
        }
    }

    private async Task Commit(List<AppendRequest> group)
    {
        try
        {
            var results = await CommitDespiteBreaks(group);
            for (var i = 0; i < group.Count; i++)
                group[i].Complete(results[i]);
        }
        catch (Exception fault) when (group.Count == 1 || fault is EventStoreUnavailableException)
        {
            foreach (var request in group)
                request.Fail(fault);
        }
        catch (Exception)
        {
            // PostgreSQL refused one of them, which took the others along: apart, each gets its own answer.
            foreach (var request in group)
                await Commit([request]);
        }
    }

    private async Task<IReadOnlyList<AppendResult>> CommitDespiteBreaks(List<AppendRequest> group)
    {
        var broken = false;
        foreach (var pause in Pauses)
        {
            try
            {
                return await commit(group);
            }
            catch (EventStoreUnavailableException fault) when (broken |= fault.ConnectionLost)
            {
                await Task.Delay(pause, clock);
            }
        }
        return await commit(group);
    }

    private void Withdraw(AppendRequest request, CancellationToken ct)
    {
        if (!request.TryTake())
            return; // on its way
        lock (gate)
            waiting.Remove(request);
        request.Cancel(ct);
    }

    private sealed record Withdrawal(AppendQueue Queue, AppendRequest Request)
    {
        public void Do(CancellationToken ct) => Queue.Withdraw(Request, ct);
    }
}
