using System.Text;
using EventRtc.Domain;
using EventRtc.Etcd;
using EventRtc.EventStore;
using EventRtc.Projections;

namespace EventRtc.Projector;

/// <summary>
/// Writes one room's views. Beside them etcd keeps the version that they show, and a write demands that this has not changed meanwhile,
/// so views never go back, whoever writes them and however late an event comes.
/// </summary>
public sealed class RoomProjection(EtcdClient etcd, PostgresEventStore store, ViewKeys keys, ProjectorOptions options)
{
    private const string Category = "room-";

    /// <summary>Null for a stream that is not a room's.</summary>
    public static RoomId? RoomOf(StreamId stream) =>
        stream.Value.StartsWith(Category, StringComparison.Ordinal) && RoomId.TryParse(stream.Value[Category.Length..], out var room) ? room : null;

    /// <summary>Brings the room's views to the last of these events, or further.</summary>
    /// <exception cref="EtcdException">The room may have been written.</exception>
    /// <exception cref="EventStoreUnavailableException">The room was not written.</exception>
    public async Task Apply(RoomId room, IEnumerable<RecordedEvent> delivered, CancellationToken ct)
    {
        var events = delivered.DistinctBy(e => e.Version).OrderBy(e => e.Version).ToList();
        while (true)
        {
            var shown = await Read(room, ct);
            var news = events.SkipWhile(e => e.Version <= shown.Version).ToList();
            if (news.Count == 0)
                return;
            var (views, version) = Follows(shown, news) ? Fold(shown.Views, news) : await Reread(room, ct);
            // A store with less than etcd shows was set back, see Relay; its views are not made older.
            if (version <= shown.Version || await Write(room, shown, views, version, ct))
                return;
        }
    }

    /// <summary>
    /// Without views there is nothing to build on: the room is new here, or deleted, or somebody dropped its keys. Then, as after a gap, the store tells.
    /// Above all, the first events of a room that is long gone do not bring it back.
    /// </summary>
    private static bool Follows(Shown shown, List<RecordedEvent> news) =>
        !shown.Views.IsEmpty && news[0].Version == shown.Version + 1 && news[^1].Version == shown.Version + news.Count;

    private static (RoomViews Views, long Version) Fold(RoomViews views, IReadOnlyList<RecordedEvent> events) =>
        (events.Aggregate(views, (folded, e) => folded.Apply(e.Decode<RoomEvent>())), events is [.., var last] ? last.Version : 0);

    private async Task<(RoomViews Views, long Version)> Reread(RoomId room, CancellationToken ct)
    {
        ProjectorMetrics.RoomReread();
        return Fold(RoomViews.Empty, await store.ReadStream(new StreamId(Category + room), ct: ct));
    }

    private async Task<Shown> Read(RoomId room, CancellationToken ct)
    {
        var found = await etcd.Commit(new Txn().Then(Op.Get(keys.AppliedKey(room)), Op.Range(keys.Room(room))), ct);
        return new Shown(
            found.Responses[0].Items is [var applied] ? applied : null, found.Responses[1].Items,
            RoomViews.Read(keys, room, found.Responses[1].Items.Select(item => (item.Key, item.Value))));
    }

    /// <returns>False when another projector was faster.</returns>
    private async Task<bool> Write(RoomId room, Shown shown, RoomViews views, long version, CancellationToken ct)
    {
        var applied = keys.AppliedKey(room);
        var tombstone = views.IsEmpty ? await etcd.GrantLease(options.TombstoneTtl, ct) : 0;
        var written = await etcd.Commit(new Txn()
            .If(shown.Applied is { } known ? Compare.Value(applied).Is(known.Value) : Compare.Absent(applied))
            .Then([Op.Put(applied, Encoding.UTF8.GetBytes($"{version}"), tombstone), .. Changes(room, shown, views)]), ct);
        return written.Succeeded;
    }

    /// <summary>Only what differs, so that watchers hear of nothing else.</summary>
    private IEnumerable<Op> Changes(RoomId room, Shown shown, RoomViews views)
    {
        foreach (var kind in Enum.GetValues<ViewKind>())
        {
            var key = keys.Of(room, kind);
            var now = shown.Items.Where(item => item.Key == key).Select(item => (ReadOnlyMemory<byte>?)item.Value).FirstOrDefault();
            var next = views.Write(kind);
            if (next is null && now is not null)
                yield return Op.Delete(key);
            else if (next is not null && !(now is { } value && value.Span.SequenceEqual(next)))
                yield return Op.Put(key, next);
        }
    }

    /// <summary>What etcd shows of a room at one moment.</summary>
    private sealed record Shown(EtcdKeyValue? Applied, IReadOnlyList<EtcdKeyValue> Items, RoomViews Views)
    {
        public long Version { get; } = Applied is { } applied ? long.Parse(applied.Value.Span) : 0;
    }
}
