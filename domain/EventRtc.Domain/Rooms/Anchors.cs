using System.Collections.Immutable;

namespace EventRtc.Domain;

/// <summary>The users admitted to a room since it was created and not removed from it, and which of them take a place. A value: equal when the users are.</summary>
public sealed record Anchors(ImmutableDictionary<UserId, Anchor> ByUser)
{
    public static Anchors None { get; } = new(ImmutableDictionary<UserId, Anchor>.Empty);

    public Anchor? Find(UserId user) => ByUser.GetValueOrDefault(user);

    /// <summary>Places in use at that time.</summary>
    public int PlacesInUse(DateTimeOffset at) => ByUser.Values.Count(anchor => anchor.TakesPlace(at));

    /// <summary>Places in use at that time by anybody but this user.</summary>
    public int PlacesInUseBeside(UserId user, DateTimeOffset at) => ByUser.Count(pair => pair.Key != user && pair.Value.TakesPlace(at));

    /// <summary>Somebody who is in the room keeps being there under a new role.</summary>
    internal Anchors Apply(RoomEvent.AnchorAdmitted e) =>
        Set(e.User, new Anchor(e.Role, e.At, Find(e.User)?.Presence is Presence.Joined ? Presence.Joined : Presence.Admitted));

    internal Anchors Apply(RoomEvent.AnchorJoined e) => Move(e.User, Presence.Joined);

    internal Anchors Apply(RoomEvent.AnchorLeft e) => e.Reason is LeaveReasons.Removed ? new(ByUser.Remove(e.User)) : Move(e.User, Presence.Left);

    public bool Equals(Anchors? other) =>
        other is not null && ByUser.Count == other.ByUser.Count && ByUser.All(pair => pair.Value == other.Find(pair.Key));

    public override int GetHashCode() => ByUser.Count;

    private Anchors Move(UserId user, Presence presence) => Find(user) is { } anchor ? Set(user, anchor with { Presence = presence }) : this;

    private Anchors Set(UserId user, Anchor anchor) => new(ByUser.SetItem(user, anchor));
}

/// <summary>One admitted user.</summary>
/// <param name="AdmittedAt">The last admission.</param>
public sealed record Anchor(Role Role, DateTimeOffset AdmittedAt, Presence Presence)
{
    public bool Speaks => Role is not Role.Guest;

    /// <summary>A page that was opened and never joined must not block a place for ever: its admission holds one only for a while.</summary>
    public bool TakesPlace(DateTimeOffset at) => Speaks && (Presence is Presence.Joined || (Presence is Presence.Admitted && HoldsAt(at)));

    internal bool HoldsAt(DateTimeOffset at) => at - AdmittedAt < RoomDecider.AdmissionHold;
}

public enum Presence
{
    /// <summary>Has not joined since the last admission.</summary>
    Admitted,

    Joined,

    /// <summary>Gave the place back; the admission stays good, so a lost connection can return while a place is free.</summary>
    Left,
}
