using System.Text.Json;
using System.Text.Json.Nodes;

namespace EventRtc.Domain;

/// <summary>A room's folded state as auditors read it. What does not apply is null and left out of the JSON.</summary>
/// <param name="Status">none (nothing happened yet), created, onair, removing or deleted.</param>
/// <param name="DiscardAt">While removing: when nobody waits for the modules any longer.</param>
/// <param name="JanusDestroyed">While removing: the Janus has let go.</param>
/// <param name="MixerReleased">While removing: the mixer has let go.</param>
/// <param name="Anchors">Everybody admitted since the room was created and not removed, whether still there or not.</param>
public sealed record RoomSnapshot(
    string Status, RoomId? RoomId = null, string? Pin = null, int? MaxAnchors = null, DateTimeOffset? CreatedAt = null, LiveSnapshot? Live = null,
    DateTimeOffset? RemovalRequestedAt = null, DateTimeOffset? DiscardAt = null, bool? JanusDestroyed = null, bool? MixerReleased = null, DateTimeOffset? DeletedAt = null,
    IReadOnlyDictionary<UserId, AnchorSnapshot>? Anchors = null)
{
    public static RoomSnapshot Of(RoomState room) => room switch
    {
        RoomState.Removing r => Of(r, "removing") with
        {
            RemovalRequestedAt = r.RequestedAt, DiscardAt = r.DiscardAt, JanusDestroyed = r.JanusDestroyed, MixerReleased = r.MixerReleased,
        },
        RoomState.OnAir r => Of(r, "onair"),
        RoomState.Existing r => Of(r, "created"),
        RoomState.Vacant { DeletedAt: { } end } => new RoomSnapshot("deleted", DeletedAt: end),
        _ => new RoomSnapshot("none"),
    };

    /// <summary>As everybody may see it.</summary>
    public RoomSnapshot Masked() => this with
    {
        Pin = Pin is null ? null : SecretFields.Mask,
        Live = Live is null ? null : Live with { Nonce = SecretFields.Mask },
    };

    public JsonObject ToJson() => JsonSerializer.SerializeToNode(this, DomainJson.Options)!.AsObject();

    private static RoomSnapshot Of(RoomState.Existing room, string status) => new(
        status, room.Id, room.Pin, room.MaxAnchors, room.CreatedAt, (room as RoomState.Assigned)?.Live is { } live ? LiveSnapshot.Of(live) : null,
        Anchors: room.Anchors.ByUser.OrderBy(pair => pair.Key.Value, StringComparer.Ordinal).ToDictionary(pair => pair.Key, pair => AnchorSnapshot.Of(pair.Value)));
}

/// <summary>See <see cref="LiveSession"/>.</summary>
public sealed record LiveSnapshot(
    ModuleId JanusId, ModuleId MixerId, string Nonce, DateTimeOffset StartedAt, long? JanusRoomId, string? RtpIp, int? RtpPort, int? HlsPort, bool Forwarding)
{
    internal static LiveSnapshot Of(LiveSession live) =>
        new(live.Janus, live.Mixer, live.Nonce, live.StartedAt, live.JanusRoomId, live.Port?.Ip, live.Port?.Port, live.Port?.HlsPort, live.Forwarding);
}

/// <param name="Presence">admitted, joined or left.</param>
public sealed record AnchorSnapshot(Role Role, string Presence, DateTimeOffset AdmittedAt)
{
    internal static AnchorSnapshot Of(Anchor anchor) => new(anchor.Role, DomainJson.Text(anchor.Presence), anchor.AdmittedAt);
}
