namespace EventRtc.EventStore;

/// <summary>Appends a group in one transaction and answers in its order. Throws when none of the group may count as appended.</summary>
internal delegate Task<IReadOnlyList<AppendResult>> CommitGroup(IReadOnlyList<AppendRequest> group);

/// <summary>
/// Group commit. Appends run one after another anyway, under one lock; those that arrive while one is on its way share the next transaction, so throughput grows
/// with load while a lone append does not wait. A second lane lets the next group travel and be unpacked while the one before it holds the lock.
/// </summary>
/// <param name="limit">How many may wait; one more is refused, so that a slow PostgreSQL shows at the callers and not in our memory.</param>
/// <param name="lanes">Each takes one group at a time.</param>
internal sealed class AppendQueue(int limit, IReadOnlyList<CommitGroup> lanes, TimeProvider clock) : IAsyncDisposable
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
    private readonly HashSet<string> streamsUnderWay = new(StringComparer.Ordinal);
    private readonly Stack<CommitGroup> idle = new(lanes);
    private TaskCompletionSource? allIdle;

    /// <exception cref="EventStoreBusyException">Too many wait already; this one was not taken.</exception>
    public async Task<AppendResult> Add(AppendRequest request, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        CommitGroup? lane;
        lock (gate)
        {
            if (waiting.Count >= limit)
                throw new EventStoreBusyException(limit);
            waiting.AddLast(request);
            StoreTelemetry.Entered();
            lane = IsWorthALane ? idle.Pop() : null;
        }
        // Whoever finds a lane idle drives it for one group, which saves a lone append the way over another thread.
        if (lane is not null)
            await Drive(lane);
        await using (ct.UnsafeRegister(static (state, token) => ((Withdrawal)state!).Do(token), new Withdrawal(this, request)))
            return await request.Answer;
    }

    /// <summary>Waits for what is on its way; nothing is to be added any more.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (gate)
        {
            if (idle.Count == lanes.Count)
                return;
            allIdle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        await allIdle.Task;
    }

    /// <summary>A second lane only for many: two small groups cost more than the one that they would make together.</summary>
    private bool IsWorthALane => idle.Count == lanes.Count || (idle.Count > 0 && waiting.Count >= MaxGroup / 2);

    private async Task Drive(CommitGroup lane)
    {
        if (NextGroup(lane) is not { Count: > 0 } group)
            return;
        await Commit(lane, group);
        lock (gate)
        {
            if (waiting.Count == 0)
                Rest(lane);
            else
                _ = Task.Run(() => DriveOn(lane));
        }
    }

    private async Task DriveOn(CommitGroup lane)
    {
        while (NextGroup(lane) is { Count: > 0 } group)
        {
            var started = clock.GetTimestamp();
            await Commit(lane, group);
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

    /// <summary>
    /// In the order of their coming, but each stream once, and none that is under way in the other lane: a second request for it waits for a group after.
    /// With nothing to do the lane becomes idle; what was passed over is taken by the lane that its stream is under way in.
    /// </summary>
    private List<AppendRequest> NextGroup(CommitGroup lane)
    {
        lock (gate)
        {
            var group = new List<AppendRequest>(Math.Min(waiting.Count, MaxGroup));
            for (var node = waiting.First; node is not null && group.Count < MaxGroup;)
            {
                var (request, next) = (node.Value, node.Next);
                if (!streamsUnderWay.Contains(request.Stream.Value))
                {
                    waiting.Remove(node);
                    StoreTelemetry.Left(1);
                    if (request.TryTake())
                    {
                        group.Add(request);
                        streamsUnderWay.Add(request.Stream.Value);
                    }
                }
                node = next;
            }
            if (group.Count == 0)
                Rest(lane);
            else
                StoreTelemetry.Grouped(group.Count);
            return group;
        }
    }

    private void Rest(CommitGroup lane)
    {
        idle.Push(lane);
        if (idle.Count == lanes.Count)
            allIdle?.TrySetResult();
    }

    private async Task Commit(CommitGroup lane, List<AppendRequest> group)
    {
        await Answer(lane, group, clock);
        lock (gate)
            foreach (var request in group)
                streamsUnderWay.Remove(request.Stream.Value);
    }

    private static async Task Answer(CommitGroup lane, List<AppendRequest> group, TimeProvider clock)
    {
        try
        {
            var results = await CommitDespiteBreaks(lane, group, clock);
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
                await Answer(lane, [request], clock);
        }
    }

    private static async Task<IReadOnlyList<AppendResult>> CommitDespiteBreaks(CommitGroup lane, List<AppendRequest> group, TimeProvider clock)
    {
        var broken = false;
        foreach (var pause in Pauses)
        {
            try
            {
                return await lane(group);
            }
            catch (EventStoreUnavailableException fault) when (broken |= fault.ConnectionLost)
            {
                await Task.Delay(pause, clock);
            }
        }
        return await lane(group);
    }

    private void Withdraw(AppendRequest request, CancellationToken ct)
    {
        if (!request.TryTake())
            return; // on its way
        lock (gate)
            if (waiting.Remove(request))
                StoreTelemetry.Left(1);
        request.Cancel(ct);
    }

    private sealed record Withdrawal(AppendQueue Queue, AppendRequest Request)
    {
        public void Do(CancellationToken ct) => Queue.Withdraw(Request, ct);
    }
}
