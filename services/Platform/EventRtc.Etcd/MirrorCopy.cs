using System.Collections.Immutable;

namespace EventRtc.Etcd;

/// <summary>One state of the keys under a prefix, never changed: a reader keeps what it has while the next one is made.</summary>
internal sealed class MirrorCopy
{
    public static readonly MirrorCopy Empty = new(ImmutableSortedSet<EtcdKeyValue>.Empty.WithComparer(ByKey.Order));

    private readonly ImmutableSortedSet<EtcdKeyValue> items;

    private MirrorCopy(ImmutableSortedSet<EtcdKeyValue> items) => this.items = items;

    public static MirrorCopy Of(IEnumerable<EtcdKeyValue> items) => new(ImmutableSortedSet.CreateRange(ByKey.Order, items));

    public EtcdKeyValue? Find(string key) => items.TryGetValue(Named(key), out var found) ? found : null;

    /// <summary>Ordered by key.</summary>
    public IReadOnlyList<EtcdKeyValue> Under(string prefix)
    {
        var found = new List<EtcdKeyValue>();
        var at = items.IndexOf(Named(prefix));
        for (at = at < 0 ? ~at : at; at < items.Count && items[at].Key.StartsWith(prefix, StringComparison.Ordinal); at++)
            found.Add(items[at]);
        return found;
    }

    public MirrorCopy With(IEnumerable<WatchEvent> events)
    {
        var next = items.ToBuilder();
        foreach (var happened in events)
        {
            next.Remove(happened.Item);
            if (!happened.Deleted)
                next.Add(happened.Item);
        }
        return new(next.ToImmutable());
    }

    /// <summary>The keys that came, changed or went between this copy and a later one.</summary>
    public IEnumerable<string> ChangesTo(MirrorCopy later)
    {
        foreach (var item in later.items)
        {
            if (Find(item.Key) is not { } before || !Same(before, item))
                yield return item.Key;
        }
        foreach (var item in items)
        {
            if (later.Find(item.Key) is null)
                yield return item.Key;
        }
    }

    // Revisions alone do not tell: an etcd that lost its data counts from one again.
    private static bool Same(EtcdKeyValue a, EtcdKeyValue b) =>
        (a.CreateRevision, a.ModRevision, a.Lease) == (b.CreateRevision, b.ModRevision, b.Lease) && a.Value.Span.SequenceEqual(b.Value.Span);

    private static EtcdKeyValue Named(string key) => default(EtcdKeyValue) with { Key = key };

    private sealed class ByKey : IComparer<EtcdKeyValue>
    {
        public static readonly ByKey Order = new();

        public int Compare(EtcdKeyValue x, EtcdKeyValue y) => string.CompareOrdinal(x.Key, y.Key);
    }
}
