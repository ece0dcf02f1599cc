using EventRtc.Domain;
using EventRtc.Etcd;
using EventRtc.Projections;

namespace EventRtc.Projector;

/// <summary>Everything that etcd shows of rooms at one moment, read page by page.</summary>
public sealed class ShownRooms
{
    private readonly Dictionary<string, ShownRoom> rooms = new(StringComparer.Ordinal);

    private ShownRooms(ViewKeys keys, EtcdRange views, EtcdRange applied)
    {
        var versions = new Dictionary<string, EtcdKeyValue>(applied.Items.Count, StringComparer.Ordinal);
        foreach (var item in applied.Items)
            if (RoomId.TryParse(item.Key[keys.AppliedPrefix.Length..], out var room))
                versions.Add(room.Value, item);
            else
                Strange.Add(item);

        // The keys of one room follow one another.
        for (var at = 0; at < views.Items.Count;)
        {
            var slash = views.Items[at].Key.IndexOf('/', keys.Prefix.Length);
            if (slash < 0 || !RoomId.TryParse(views.Items[at].Key[keys.Prefix.Length..slash], out var room))
            {
                Strange.Add(views.Items[at++]);
                continue;
            }
            var items = new List<EtcdKeyValue>(4);
            var prefix = views.Items[at].Key.AsSpan(0, slash + 1);
            while (at < views.Items.Count && views.Items[at].Key.AsSpan().StartsWith(prefix, StringComparison.Ordinal))
                items.Add(views.Items[at++]);
            rooms.Add(room.Value, new ShownRoom(versions.Remove(room.Value, out var version) ? version : null, items));
        }
        foreach (var (room, version) in versions)
            rooms.Add(room, new ShownRoom(version, []));
    }

    /// <summary>Every room with a key, its tombstone included.</summary>
    internal IEnumerable<KeyValuePair<RoomId, ShownRoom>> Rooms => rooms.Select(room => KeyValuePair.Create(new RoomId(room.Key), room.Value));

    /// <summary>Keys that can be no room's: nobody of ours wrote them.</summary>
    internal List<EtcdKeyValue> Strange { get; } = [];

    internal ShownRoom Find(RoomId room) => rooms.GetValueOrDefault(room.Value, ShownRoom.Nothing);

    /// <exception cref="EtcdException">etcd is away.</exception>
    public static async Task<ShownRooms> Read(EtcdClient etcd, ViewKeys keys, CancellationToken ct)
    {
        var views = await etcd.List(keys.Prefix, ct);
        return new ShownRooms(keys, views, await etcd.List(keys.AppliedPrefix, views.Revision, ct));
    }
}
