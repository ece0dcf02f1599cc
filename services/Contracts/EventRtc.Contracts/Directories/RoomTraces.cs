using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using EventRtc.Domain;
using EventRtc.Etcd;
using EventRtc.Reconciling;

namespace EventRtc.Contracts.Directories;

/// <summary>
/// Puts what a worker does about a changed view into the trace of what changed it, which the projector has noted in etcd. Only a run that answers to a change is traced, not those
/// that look again and again; and while nobody records nothing is asked or made.
/// </summary>
public sealed class RoomTraces
{
    private static readonly ActivitySource Source = new("EventRtc.Contracts");

    /// <summary>An etcd that went away keeps no run waiting longer.</summary>
    private static readonly TimeSpan ReadWithin = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<RoomId, DateTimeOffset> changed = new();
    private readonly EtcdClient etcd;
    private readonly RoomDirectory rooms;
    private readonly TimeProvider clock;

    public RoomTraces(EtcdClient etcd, RoomDirectory rooms, TimeProvider clock)
    {
        (this.etcd, this.rooms, this.clock) = (etcd, rooms, clock);
        rooms.Changed += Note;
    }

    /// <summary>The same reconciler, traced.</summary>
    /// <param name="loop">Names its spans: <c>reconcile janus rooms</c>.</param>
    public Func<RoomId, CancellationToken, Task<Recheck>> Follow(string loop, Func<RoomId, CancellationToken, Task<Recheck>> reconcile) => async (room, ct) =>
        Source.HasListeners() && changed.TryRemove(room, out var seen) && await CauseOf(room, ct) is { } cause
            ? await Run(loop, room, seen, cause, reconcile, ct)
            : await reconcile(room, ct);

    /// <summary>Two spans: from the change to the run, and the run itself. One that was idle leaves none: every worker sees every room.</summary>
    private async Task<Recheck> Run(string loop, RoomId room, DateTimeOffset seen, ActivityContext cause, Func<RoomId, CancellationToken, Task<Recheck>> reconcile, CancellationToken ct)
    {
        using var watch = Source.StartActivity("watch", ActivityKind.Consumer, cause, startTime: seen);
        using var run = Source.StartActivity($"reconcile {loop}")?.SetTag("eventrtc.room", room.Value);
        watch?.SetEndTime(clock.GetUtcNow().UtcDateTime);
        try
        {
            var next = await reconcile(room, ct);
            if (next.WasIdle)
                Forget(watch, run);
            return next;
        }
        catch (Exception failure)
        {
            run?.SetStatus(ActivityStatusCode.Error, failure.GetType().Name);
            failure.BelongsTo(cause.TraceId);
            changed.TryAdd(room, clock.GetUtcNow()); // what is tried again belongs to the same trace
            throw;
        }
    }

    /// <summary>A trace that cannot be found is no reason to do nothing.</summary>
    private async Task<ActivityContext?> CauseOf(RoomId room, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(ReadWithin, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        try
        {
            return await etcd.Get(rooms.Keys.TraceKey(room), either.Token) is { } note
                && ActivityContext.TryParse(Encoding.ASCII.GetString(note.Value.Span), traceState: null, isRemote: true, out var cause) ? cause : null;
        }
        catch (Exception away) when (away is EtcdException || (away is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return null;
        }
    }

    private void Note(RoomId room)
    {
        if (Source.HasListeners())
            changed[room] = clock.GetUtcNow();
    }

    private static void Forget(params ReadOnlySpan<Activity?> spans)
    {
        foreach (var span in spans)
            if (span is not null)
                span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
    }
}
