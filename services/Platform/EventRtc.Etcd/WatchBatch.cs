using EventRtc.Etcd.Wire;

namespace EventRtc.Etcd;

/// <summary>What etcd reported at once. All changes of one revision (of one transaction) arrive in the same batch.</summary>
/// <param name="Revision">The store's revision when etcd sent the batch; may be ahead of the last event, so a watch resumes at the last event's ModRevision + 1, not here.</param>
/// <param name="Events">In the order of their revisions; empty only in a watch's first batch, which says that etcd has opened it.</param>
public sealed record WatchBatch(long Revision, IReadOnlyList<WatchEvent> Events);

/// <param name="Item">The key after the change; a deleted one has its name and ModRevision only.</param>
public readonly record struct WatchEvent(EtcdKeyValue Item, bool Deleted)
{
    internal static WatchEvent From(Event happened) => new(EtcdKeyValue.From(happened.Kv), happened.Type == Event.Types.EventType.Delete);
}
