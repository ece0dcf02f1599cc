using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using EventRtc.Domain;
using EventRtc.Etcd;
using EventRtc.Projections;

namespace EventRtc.Projector;

/// <summary>What etcd shows of one room at one moment.</summary>
/// <param name="Applied">The key of the applied version; null without one.</param>
/// <param name="Items">Every key under the room's prefix.</param>
internal sealed record ShownRoom(EtcdKeyValue? Applied, IReadOnlyList<EtcdKeyValue> Items)
{
    private static readonly ViewKind[] Kinds = Enum.GetValues<ViewKind>();
    private static readonly ViewKind[] OfFlowing = [ViewKind.Meta, ViewKind.Live, ViewKind.Janus, ViewKind.Mixer];

    public static ShownRoom Nothing { get; } = new(null, []);

    public bool IsNothing => Applied is null && Items.Count == 0;

    /// <summary>
    /// A deleted room leaves a tombstone, and one whose sound flows has all its views. Whatever is between may only be on its way, or somebody dropped a view: its events tell.
    /// </summary>
    public bool MayHaveLostViews(ViewKeys keys, RoomId room) => Applied is not { Lease: not 0 } && !Array.TrueForAll(OfFlowing, kind => Find(keys.Of(room, kind)) is not null);

    /// <summary>The version of the room's stream that the views show; 0 when there is none, or none that can be read.</summary>
    public long Version => Applied is { } applied && TryVersion(applied.Value.Span, out var version) ? version : 0;

    /// <summary>The reads that tell what is shown, in one transaction; see <see cref="From"/>.</summary>
    public static Op[] Reads(ViewKeys keys, RoomId room) => [Op.Get(keys.AppliedKey(room)), Op.Range(keys.Room(room))];

    public static ShownRoom From(TxnResult read) =>
        new(read.Responses[0].Items is [var applied] ? applied : null, read.Responses[1].Items);

    /// <summary>The views, or null when a key does not hold what it promises: then they must be folded anew.</summary>
    public RoomViews? Views(ViewKeys keys, RoomId room)
    {
        try
        {
            return RoomViews.Read(keys, room, Items.Select(item => (item.Key, item.Value)));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Holds as long as etcd shows exactly this: no view changed, none gone, none added.</summary>
    public IEnumerable<Compare> Unchanged(ViewKeys keys, RoomId room)
    {
        yield return Compare.ModRevision(keys.AppliedKey(room), Applied?.ModRevision ?? 0);
        foreach (var key in Kinds.Select(kind => keys.Of(room, kind)))
            yield return Compare.ModRevision(key, Find(key)?.ModRevision ?? 0);
    }

    /// <summary>What has to happen to the keys so that they show these views, and nothing to a key that is right.</summary>
    /// <param name="version">That of the views; 0 when the room has no event at all.</param>
    public List<KeyChange> Changes(ViewKeys keys, RoomId room, RoomViews wanted, long version)
    {
        var changes = new List<KeyChange>();
        var right = 0;
        foreach (var kind in Kinds)
        {
            var key = keys.Of(room, kind);
            var now = Find(key);
            right += now is null ? 0 : 1;
            if (wanted.Write(kind) is { } next)
            {
                if (now is not { } item || item.Lease != 0 || !item.Value.Span.SequenceEqual(next))
                    changes.Add(new(now is null ? KeyChangeKind.Created : KeyChangeKind.Changed, key, next));
            }
            else if (now is not null)
                changes.Add(new(KeyChangeKind.Deleted, key));
        }
        if (right < Items.Count) // nobody else writes there
            changes.AddRange(Items.Where(item => !keys.TryParse(item.Key, out _, out _)).Select(item => new KeyChange(KeyChangeKind.Deleted, item.Key)));
        if (ChangeOfApplied(keys.AppliedKey(room), wanted.IsEmpty, version) is { } applied)
            changes.Add(applied);
        return changes;
    }

    /// <summary>Whether anything has to happen. A deleted room whose tombstone is gone is right.</summary>
    public bool Differs(ViewKeys keys, RoomId room, RoomFold wanted) =>
        !(wanted.Views.IsEmpty && IsNothing) && Changes(keys, room, wanted.Views, wanted.Version).Count > 0;

    /// <summary>What etcd shows after the changes were carried out at a revision.</summary>
    public ShownRoom After(ViewKeys keys, RoomId room, IReadOnlyList<KeyChange> changes, long revision)
    {
        var applied = changes.FirstOrDefault(change => change.Key == keys.AppliedKey(room));
        return new ShownRoom(
            applied is null ? Applied : Written(applied, revision),
            [.. Items.Where(item => !changes.Any(change => change.Key == item.Key)), .. changes.Where(change => change.Value is not null && change != applied).Select(change => Written(change, revision))]);
    }

    private static EtcdKeyValue Written(KeyChange change, long revision) => new(change.Key, change.Value, 0, revision, 0, 0);

    /// <summary>A room that is there has a version without an end, a deleted one a tombstone, and one without events neither.</summary>
    private KeyChange? ChangeOfApplied(string key, bool gone, long version)
    {
        if (gone && version == 0)
            return Applied is null ? null : new(KeyChangeKind.Deleted, key);
        if (Applied is { } applied && Version == version && (applied.Lease != 0) == gone)
            return null;
        return new(Applied is null ? KeyChangeKind.Created : KeyChangeKind.Changed, key, Encoding.ASCII.GetBytes($"{version}"), Leased: gone);
    }

    private EtcdKeyValue? Find(string key)
    {
        foreach (var item in Items)
            if (string.Equals(item.Key, key, StringComparison.Ordinal))
                return item;
        return null;
    }

    private static bool TryVersion(ReadOnlySpan<byte> text, out long version) =>
        Utf8Parser.TryParse(text, out version, out var used) && used == text.Length && version >= 0;
}
