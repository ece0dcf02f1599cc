using System.Diagnostics;
using System.Text.Json;

namespace EventRtc.Projections;

/// <summary>Everything that services see of one room. Folding its events gives it, and so does reading its keys.</summary>
/// <param name="Degraded">Only while an event of the room cannot be read, see <see cref="RoomFold"/>.</param>
public sealed record RoomViews(RoomMeta? Meta, LiveMeta? Live, JanusView? Janus, MixerView? Mixer, DegradedView? Degraded = null)
{
    public static RoomViews Empty { get; } = new(null, null, null, null);

    /// <summary>The room does not exist, or no longer: none of its keys is to be left.</summary>
    public bool IsEmpty => this == Empty;

    public RoomViews Apply(RoomEvent happened) => new(
        RoomMeta.Apply(Meta, happened),
        LiveMeta.Apply(Live, happened),
        JanusView.Apply(Janus, happened),
        MixerView.Apply(Mixer, happened),
        Degraded);

    public static RoomViews Fold(IEnumerable<RoomEvent> history) => history.Aggregate(Empty, (views, happened) => views.Apply(happened));

    /// <summary>The value of one view's key in UTF-8, or null when the key is not to be.</summary>
    public byte[]? Write(ViewKind kind) => kind switch
    {
        ViewKind.Meta => Encode(Meta),
        ViewKind.Live => Encode(Live),
        ViewKind.Janus => Encode(Janus),
        ViewKind.Mixer => Encode(Mixer),
        ViewKind.Degraded => Encode(Degraded),
        _ => throw new UnreachableException($"No view {kind}"),
    };

    /// <summary>One room's views out of its keys; keys of other rooms, or of nothing known here, are passed over.</summary>
    /// <exception cref="JsonException">A value is not what its key promises.</exception>
    public static RoomViews Read(ViewKeys keys, RoomId room, IEnumerable<(string Key, ReadOnlyMemory<byte> Json)> pairs)
    {
        var views = Empty;
        foreach (var (key, json) in pairs)
            if (keys.TryParse(key, out var id, out var kind) && id == room)
                views = views.With(kind, json.Span);
        return views;
    }

    /// <summary>Every room's views out of the keys of many. A room with a value that is not what its key promises is left out and hides no other: <c>verify</c> names it.</summary>
    public static IReadOnlyDictionary<RoomId, RoomViews> Read(ViewKeys keys, IEnumerable<(string Key, ReadOnlyMemory<byte> Json)> pairs)
    {
        var rooms = new Dictionary<RoomId, RoomViews>();
        var unreadable = new HashSet<RoomId>();
        foreach (var (key, json) in pairs)
            if (keys.TryParse(key, out var room, out var kind))
                try
                {
                    rooms[room] = rooms.GetValueOrDefault(room, Empty).With(kind, json.Span);
                }
                catch (JsonException)
                {
                    unreadable.Add(room);
                }
        foreach (var room in unreadable)
            rooms.Remove(room);
        return rooms;
    }

    private RoomViews With(ViewKind kind, ReadOnlySpan<byte> json) => kind switch
    {
        ViewKind.Meta => this with { Meta = Decode<RoomMeta>(json) },
        ViewKind.Live => this with { Live = Decode<LiveMeta>(json) },
        ViewKind.Janus => this with { Janus = Decode<JanusView>(json) },
        ViewKind.Mixer => this with { Mixer = Decode<MixerView>(json) },
        ViewKind.Degraded => this with { Degraded = Decode<DegradedView>(json) },
        _ => throw new UnreachableException($"No view {kind}"),
    };

    private static byte[]? Encode<TView>(TView? view) where TView : class =>
        view is null ? null : JsonSerializer.SerializeToUtf8Bytes(view, DomainJson.Options);

    private static TView Decode<TView>(ReadOnlySpan<byte> json) where TView : class =>
        JsonSerializer.Deserialize<TView>(json, DomainJson.Options) ?? throw new JsonException($"A {typeof(TView).Name} is null.");
}
