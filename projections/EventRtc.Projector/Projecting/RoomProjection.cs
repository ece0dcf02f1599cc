using System.Diagnostics.CodeAnalysis;
using System.Text;
using EventRtc.Domain;
using EventRtc.Etcd;
using EventRtc.EventStore;
using EventRtc.Projections;

namespace EventRtc.Projector;

/// <summary>
/// Writes one room's views. Beside them etcd keeps the version that they show, and a write demands that neither has changed meanwhile,
/// so views never go back, whoever writes them and however late an event comes. A room with an event that cannot be read is marked degraded,
/// and the event is parked.
/// </summary>
public sealed class RoomProjection(EtcdClient etcd, PostgresEventStore store, ViewKeys keys, ProjectorOptions options, TimeProvider clock)
{
    private readonly KnownRooms known = new(options.KnownRooms);
    private readonly TraceNotes notes = new(etcd, keys, clock);

    /// <summary>Brings the room's views to the last of these events, or further.</summary>
    /// <exception cref="EtcdException">The room may have been written.</exception>
    /// <exception cref="EventStoreUnavailableException">The room was not written.</exception>
    public async Task Apply(RoomId room, IEnumerable<RecordedEvent> delivered, CancellationToken ct)
    {
        var events = delivered.DistinctBy(e => e.Version).OrderBy(e => e.Version).ToList();
        var shown = known.Take(room);
        if (shown?.Version >= events[^1].Version)
            shown = null; // a redelivery: it may mean that etcd lost what this process wrote
        // The first event of a room finds nothing, as a rule; when it does after all, the write says so.
        var assumed = shown is null && events[0].Version == 1;
        var own = shown is not null;
        shown ??= assumed ? ShownRoom.Nothing : await Read(room, ct);
        // Nothing lacked when this process wrote it, and the write says whether that is still so; in what was found, somebody may have dropped a view.
        var whole = own || !shown.MayHaveLostViews(keys, room);
        while (true)
        {
            var news = events.SkipWhile(e => e.Version <= shown.Version).ToList();
            if (news.Count == 0)
            {
                Remember(room, shown, whole ? shown.Views(keys, room) : null);
                return;
            }
            var fold = (whole ? Follow(room, shown, news) : null) ?? await Fold(room, ct);
            // A store with less than etcd shows was set back, see Relay; its views are not made older.
            if (fold.Version < shown.Version || (fold.Version == shown.Version && !shown.Differs(keys, room, fold)))
                return;
            if (assumed && fold.Views.IsEmpty)
            {
                (assumed, shown) = (false, await Read(room, ct)); // long gone: no lease for a tombstone that may be there
                continue;
            }
            var (written, now) = await Write(room, shown, shown.Changes(keys, room, fold.Views, fold.Version), ct);
            if (written)
            {
                Remember(room, now, fold.Views);
                return;
            }
            // Another projector brings a higher version; whoever changes keys and leaves the version did something that is to be undone.
            (assumed, whole, shown) = (false, now.Version != shown.Version && !now.MayHaveLostViews(keys, room), now);
        }
    }

    /// <summary>Makes the room's keys what the log makes of it, at whatever version they stand. Nothing happens to a key that is right.</summary>
    /// <returns>What was changed.</returns>
    /// <inheritdoc cref="Apply"/>
    public async Task<IReadOnlyList<KeyChange>> Refresh(RoomId room, CancellationToken ct)
    {
        known.Take(room);
        var shown = await Read(room, ct);
        while (true)
        {
            // Read after etcd: were the log behind what etcd shows, it would have been set back, and then it is right nevertheless.
            var fold = await Fold(room, ct);
            if (!shown.Differs(keys, room, fold))
                return [];
            var changes = shown.Changes(keys, room, fold.Views, fold.Version);
            (var written, shown) = await Write(room, shown, changes, ct);
            if (written)
                return changes;
        }
    }

    /// <summary>Like <see cref="Refresh"/>, for a room of which a view went: without a look at the log when the room was deleted.</summary>
    /// <inheritdoc cref="Refresh"/>
    public async Task<IReadOnlyList<KeyChange>> Restore(RoomId room, CancellationToken ct) =>
        await Read(room, ct) is { Items.Count: 0 } shown && !shown.MayHaveLostViews(keys, room) ? [] : await Refresh(room, ct);

    /// <summary>What <see cref="Refresh"/> would do.</summary>
    /// <inheritdoc cref="Apply"/>
    public async Task<IReadOnlyList<KeyChange>> Difference(RoomId room, CancellationToken ct)
    {
        var shown = await Read(room, ct);
        var fold = await FoldFromStore(room, ct);
        return shown.Differs(keys, room, fold.Room) ? shown.Changes(keys, room, fold.Room.Views, fold.Room.Version) : [];
    }

    /// <summary>Writes what was found by reading everything at once, or, when the room has changed since, what the log makes of it now.</summary>
    internal async Task<IReadOnlyList<KeyChange>> Repair(RoomDifference difference, CancellationToken ct)
    {
        var (room, shown, wanted) = difference;
        // An event that cannot be read is parked on the way, and a room without events may have some by now: both ask the store.
        if (wanted.Degraded || wanted.Version == 0 || wanted.Version < shown.Version)
            return await Refresh(room, ct);
        var changes = shown.Changes(keys, room, wanted.Views, wanted.Version);
        return (await Write(room, shown, changes, ct)).Written ? changes : await Refresh(room, ct);
    }

    /// <summary>
    /// The views after these events, built on those shown; null when the store has to tell. Without views there is nothing to build on: the room is new here, or deleted,
    /// or somebody dropped its keys. Above all, the first events of a room that is long gone do not bring it back.
    /// </summary>
    private RoomFold? Follow(RoomId room, ShownRoom shown, List<RecordedEvent> news)
    {
        var views = shown.Views(keys, room);
        if (!IsBase(views) || news[0].Version != shown.Version + 1 || news[^1].Version != shown.Version + news.Count)
            return null;
        var fold = new RoomFold(views, shown.Version);
        foreach (var e in news)
            fold.Take(e.Position.Value, e.Version, e.Type, Encoding.UTF8.GetBytes(e.Json));
        return fold.Degraded ? null : fold;
    }

    /// <summary>The room as the store makes it; an event that cannot be read is parked, and one that can be read again is no longer.</summary>
    private async Task<RoomFold> Fold(RoomId room, CancellationToken ct)
    {
        ProjectorMetrics.RoomReread();
        var (fold, parked) = await FoldFromStore(room, ct);
        if (fold.Views.Degraded is { } poison)
            await store.Parked.Park(
                new ParkedEvent(new Position(poison.Position), StreamId.Stored(StreamNames.Of(room)), poison.Version, poison.Type, poison.Reason, clock.GetUtcNow()), ct);
        foreach (var waiting in parked.Where(e => e.SkippedAt is null && e.Version <= fold.Version))
            await store.Parked.Release(waiting.Position, ct);
        return fold;
    }

    private async Task<(RoomFold Room, IReadOnlyList<ParkedEvent> Parked)> FoldFromStore(RoomId room, CancellationToken ct)
    {
        var stream = StreamId.Stored(StreamNames.Of(room));
        var parking = store.Parked.List(stream, ct);
        var (events, parked) = (await store.ReadStream(stream, ct: ct), await parking);
        var fold = new RoomFold();
        foreach (var e in events)
            fold.Take(e.Position.Value, e.Version, e.Type, Encoding.UTF8.GetBytes(e.Json), parked.Any(p => p.Position == e.Position && p.SkippedAt is not null));
        return (fold, parked);
    }

    /// <summary>Only what the next event can build on.</summary>
    private void Remember(RoomId room, ShownRoom shown, RoomViews? views)
    {
        if (IsBase(views))
            known.Put(room, shown);
    }

    private static bool IsBase([NotNullWhen(true)] RoomViews? views) => views is { Meta: not null, Degraded: null };

    private async Task<ShownRoom> Read(RoomId room, CancellationToken ct) =>
        ShownRoom.From(await etcd.Commit(new Txn().Then(ShownRoom.Reads(keys, room)), ct));

    /// <returns>Whether it was written, and what etcd shows now: something else when another projector was faster.</returns>
    private async Task<(bool Written, ShownRoom Now)> Write(RoomId room, ShownRoom shown, List<KeyChange> changes, CancellationToken ct)
    {
        await notes.Leave(room, ct);
        var tombstone = changes.Exists(change => change.Leased) ? await etcd.GrantLease(options.TombstoneTtl, ct) : 0;
        var writes = changes.Select(change => change.Value is { } value ? Op.Put(change.Key, value, change.Leased ? tombstone : 0) : Op.Delete(change.Key));
        var result = await etcd.Commit(new Txn()
            .If(shown.Unchanged(keys, room))
            .Then(notes.Outdated(room) is { } note ? writes.Append(Op.Delete(note)) : writes)
            .Else(ShownRoom.Reads(keys, room)), ct);
        return (result.Succeeded, result.Succeeded ? shown.After(keys, room, changes, result.Revision) : ShownRoom.From(result));
    }
}
