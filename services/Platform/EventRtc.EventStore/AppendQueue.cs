namespace EventRtc.EventStore;

/// <summary>
/// Group commit. Appends run one after another anyway, under one lock; those that arrive while one is on its way share the next transaction,
/// so throughput grows with load while a lone append does not wait.
/// </summary>
/// <param name="limit">How many may wait; one more is refused, so that a slow PostgreSQL shows at the callers and not in our memory.</param>
/// <param name="commit">Appends a group in one transaction and answers in its order. Throws when none of the group may count as appended.</param>
internal sealed class AppendQueue(int limit, Func<IReadOnlyList<AppendRequest>, Task<IReadOnlyList<AppendResult>>> commit)
{
    /// <summary>Bounds one transaction, and with it how long other processes wait for the lock.</summary>
    private const int MaxGroup = 128;

    private readonly Lock gate = new();
    private readonly Queue<AppendRequest> waiting = new();
    private bool committing;

    /// <exception cref="EventStoreBusyException">Too many wait already; this one was not taken.</exception>
    public Task<AppendResult> Add(AppendRequest request)
    {
        lock (gate)
        {
            if (waiting.Count >= limit)
                throw new EventStoreBusyException(limit);
            waiting.Enqueue(request);
            if (committing)
                return request.Answer;
            committing = true;
        }
        _ = CommitAll();
        return request.Answer;
    }

    private async Task CommitAll()
    {
        while (NextGroup() is { Count: > 0 } group)
            await Commit(group);
    }

    private List<AppendRequest> NextGroup()
    {
        lock (gate)
        {
            var group = new List<AppendRequest>(Math.Min(waiting.Count, MaxGroup));
            while (group.Count < MaxGroup && waiting.TryDequeue(out var request))
                group.Add(request);
            committing = group.Count > 0;
            return group;
        }
    }

    private async Task Commit(List<AppendRequest> group)
    {
        try
        {
            var results = await commit(group);
            foreach (var (request, result) in group.Zip(results))
                request.Complete(result);
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
}
