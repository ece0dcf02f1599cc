using static EventRtc.Domain.RoomEvent;

namespace EventRtc.Projections;

/// <summary>View <c>livemeta</c>: the room is on air, or was and waits for its modules; its workers act on this.</summary>
/// <param name="Status">One of <see cref="LiveStatus"/>.</param>
/// <param name="CreatedAt">When the live session started.</param>
/// <param name="DiscardAt">While removing: when housekeeping stops waiting for the modules.</param>
public sealed record LiveMeta(
    string Status, ModuleId MixerId, ModuleId JanusId, string Nonce, DateTimeOffset CreatedAt, DateTimeOffset? DiscardAt = null)
{
    /// <summary>The view that the room's state amounts to.</summary>
    public static LiveMeta Of(RoomState.Assigned room)
    {
        var discardAt = (room as RoomState.Removing)?.DiscardAt;
        return new LiveMeta(discardAt is null ? LiveStatus.OnAir : LiveStatus.Removing, room.Live.Mixer, room.Live.Janus, room.Live.Nonce, room.Live.StartedAt, discardAt);
    }

    public ModuleId ModuleOf(ModuleKind kind) => kind is ModuleKind.Janus ? JanusId : MixerId;

    public static LiveMeta? Apply(LiveMeta? view, RoomEvent happened) => (view, happened) switch
    {
        (_, LiveStarted e) => new LiveMeta(LiveStatus.OnAir, e.Mixer, e.Janus, e.Nonce, e.At),
        ({ } v, ModulesReassigned e) => v with { MixerId = e.Mixer, JanusId = e.Janus, Nonce = e.Nonce },
        ({ } v, RemovalRequested e) => v with { Status = LiveStatus.Removing, DiscardAt = e.WaitsUntil },
        (_, RoomDeleted) => null,
        _ => view,
    };
}

/// <summary>The stored words of <see cref="LiveMeta.Status"/>.</summary>
public static class LiveStatus
{
    public const string OnAir = "onair";
    public const string Removing = "removing";
}
