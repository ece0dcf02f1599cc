using System.Diagnostics;
using System.Text;
using EventRtc.Domain;
using EventRtc.Etcd;
using EventRtc.Projections;

namespace EventRtc.Projector;

/// <summary>
/// Leaves a note in etcd by which trace a room's views are about to change, for those who act on the change: views themselves carry no trace, and are what the log makes of them.
/// Only while that trace is recorded. A note goes by itself after some minutes, and nobody but traces misses it.
/// </summary>
internal sealed class TraceNotes(EtcdClient etcd, ViewKeys keys, TimeProvider clock)
{
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(5);

    /// <summary>So long many notes share one lease.</summary>
    private static readonly TimeSpan Shared = TimeSpan.FromMinutes(1);

    private volatile Lease? lease;

    /// <summary>Call it before the views are written: whoever sees them change finds the note.</summary>
    public async Task Leave(RoomId room, CancellationToken ct)
    {
        if (Recorded is not { } trace)
            return;
        try
        {
            var held = lease is { } known && clock.GetElapsedTime(known.Granted) < Shared ? known : lease = new Lease(await etcd.GrantLease(Kept, ct), clock.GetTimestamp());
            await etcd.Put(keys.TraceKey(room), Encoding.ASCII.GetBytes(trace), held.Id, ct);
        }
        catch (EtcdException)
        {
            lease = null; // an etcd that lost its data has lost the lease too; the views do not wait for that
        }
    }

    /// <summary>What is to go in the same step as the views change: a note of an earlier trace says nothing of a change that is not recorded. Null for a change that is, and while nobody records.</summary>
    public string? Outdated(RoomId room) => ProjectorTracing.IsOn && Recorded is null ? keys.TraceKey(room) : null;

    private static string? Recorded => ProjectorTracing.IsOn && Activity.Current is { Recorded: true, Id: { } trace } ? trace : null;

    private sealed record Lease(long Id, long Granted);
}
