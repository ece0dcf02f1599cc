using EventRtc.Etcd.Wire;

namespace EventRtc.Etcd;

/// <summary>One key as etcd holds it. Keys are UTF-8 text in this project; values are any bytes.</summary>
/// <param name="Key">For example <c>/rooms/abc/meta</c>.</param>
/// <param name="Value">Empty in the event of a deletion.</param>
/// <param name="CreateRevision">The store's revision when the key came into being (again, when it was deleted before).</param>
/// <param name="ModRevision">The store's revision of the last change; in the event of a deletion, that of the deletion.</param>
/// <param name="Version">Changes since the key came into being, from 1.</param>
/// <param name="Lease">The lease the key dies with; 0 without one.</param>
public readonly record struct EtcdKeyValue(string Key, ReadOnlyMemory<byte> Value, long CreateRevision, long ModRevision, long Version, long Lease)
{
    internal static EtcdKeyValue From(KeyValue item) =>
        new(item.Key.ToStringUtf8(), item.Value.Memory, item.CreateRevision, item.ModRevision, item.Version, item.Lease);
}

/// <summary>All keys under a prefix at one moment.</summary>
/// <param name="Items">Ordered by key.</param>
/// <param name="Revision">The store's revision at that moment: watch from the next one to see everything after it.</param>
public sealed record EtcdRange(IReadOnlyList<EtcdKeyValue> Items, long Revision);
