using System.Runtime.CompilerServices;
using EventRtc.Etcd.Grpc;
using EventRtc.Etcd.Wire;

namespace EventRtc.Etcd;

public sealed partial class EtcdClient
{
    /// <summary>
    /// Every change under the prefix from a revision on, in order and without gaps, until cancelled. The first batch is empty and says that etcd has opened the watch
    /// (one from a compacted revision fails only after it).
    /// </summary>
    /// <param name="fromRevision">The first revision to report; 0: whatever happens after the watch was opened. To resume, the last event's ModRevision + 1.</param>
    /// <exception cref="EtcdCompactedException">What happened since is no longer known: list again.</exception>
    /// <exception cref="EtcdException">The watch broke: open it again.</exception>
    public IAsyncEnumerable<WatchBatch> Watch(string prefix, long fromRevision = 0, CancellationToken ct = default) =>
        Watch(new WatchCreateRequest { StartRevision = fromRevision }, prefix, ct);

    /// <summary>Like <see cref="Watch(string, long, CancellationToken)"/>, of keys that go, from now on: whoever cares for nothing else is not woken at each write.</summary>
    /// <exception cref="EtcdException">The watch broke: open it again.</exception>
    public IAsyncEnumerable<WatchBatch> WatchDeletions(string prefix, CancellationToken ct = default) =>
        Watch(new WatchCreateRequest { Filters = { WatchCreateRequest.Types.FilterType.Noput } }, prefix, ct);

    private async IAsyncEnumerable<WatchBatch> Watch(WatchCreateRequest create, string prefix, [EnumeratorCancellation] CancellationToken ct)
    {
        var range = KeyRange.Under(prefix);
        (create.Key, create.RangeEnd) = (range.Start, range.End);
        await using var watch = await calls.Open(Methods.Watch, new WatchRequest { CreateRequest = create }, ThrowIfEnded, ct);
        for (var reply = watch.First; ; reply = await watch.Next())
        {
            ThrowIfEnded(reply);
            EtcdTelemetry.Watched(reply.Events.Count);
            if (reply.Created || reply.Events.Count > 0)
                yield return new(reply.Header.Revision, [.. reply.Events.Select(WatchEvent.From)]);
        }
    }

    private static void ThrowIfEnded(WatchResponse reply)
    {
        if (reply.CompactRevision > 0)
            throw new EtcdCompactedException($"The watch's revision was compacted away, {reply.CompactRevision} is the oldest left.", reply.CompactRevision);
        if (reply.Canceled)
            throw new EtcdException(CodeOf(reply.CancelReason), $"etcd ended the watch: {reply.CancelReason}", mayHaveExecuted: false);
    }

    /// <summary>A watch is refused inside its stream and in words, where other calls are by their status.</summary>
    private static StatusCode CodeOf(string reason) => reason switch
    {
        _ when reason.Contains("invalid auth token", StringComparison.Ordinal) => StatusCode.Unauthenticated,
        _ when reason.Contains("permission denied", StringComparison.Ordinal) => StatusCode.PermissionDenied,
        _ => StatusCode.Unavailable,
    };
}
