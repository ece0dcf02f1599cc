using System.Diagnostics;

namespace EventRtc.Projections;

/// <summary>The etcd keys of rooms' views, <c>/rooms/{id}/{view}</c>; only the projection writes them.</summary>
/// <param name="prefix">Begins and ends with a slash; option ETCD_PREFIX_ROOM_STORE.</param>
public sealed class ViewKeys(string prefix = ViewKeys.DefaultPrefix)
{
    public const string DefaultPrefix = "/rooms/";

    /// <summary>Every view of every room lies under it, and nothing else.</summary>
    public string Prefix { get; } = KeyText.Prefix(prefix);

    /// <summary>The room's applied version lies under it: outside the views, so that a removed room leaves none of its keys among them.</summary>
    public string AppliedPrefix => $"/projections{Prefix}";

    /// <summary>Every view of one room lies under it.</summary>
    public string Room(RoomId room) => $"{Prefix}{room}/";

    public string Meta(RoomId room) => Of(room, ViewKind.Meta);

    public string Live(RoomId room) => Of(room, ViewKind.Live);

    public string Janus(RoomId room) => Of(room, ViewKind.Janus);

    public string Mixer(RoomId room) => Of(room, ViewKind.Mixer);

    public string Of(RoomId room, ViewKind kind) => Room(room) + NameOf(kind);

    /// <summary>The version of the room's stream that its views show, in decimal; a leased tombstone once the room is deleted.</summary>
    public string AppliedKey(RoomId room) => AppliedPrefix + room;

    /// <summary>By which trace the room's views changed last, as W3C traceparent; leased, and only while that trace is recorded. No view, and not to be rebuilt.</summary>
    public string TraceKey(RoomId room) => $"/traces{Prefix}{room}";

    /// <returns>False when the key is no view's.</returns>
    public bool TryParse(string key, out RoomId room, out ViewKind kind)
    {
        kind = default;
        return KeyText.TrySplit(key, Prefix, out var id, out var name) & RoomId.TryParse(id, out room) && TryKind(name, out kind);
    }

    private static string NameOf(ViewKind kind) => kind switch
    {
        ViewKind.Meta => "meta",
        ViewKind.Live => "livemeta",
        ViewKind.Janus => "janus",
        ViewKind.Mixer => "mixer",
        ViewKind.Degraded => "degraded",
        _ => throw new UnreachableException($"No view {kind}"),
    };

    private static bool TryKind(string? name, out ViewKind kind)
    {
        (var known, kind) = name switch
        {
            "meta" => (true, ViewKind.Meta),
            "livemeta" => (true, ViewKind.Live),
            "janus" => (true, ViewKind.Janus),
            "mixer" => (true, ViewKind.Mixer),
            "degraded" => (true, ViewKind.Degraded),
            _ => (false, default),
        };
        return known;
    }
}
