using EventRtc.Domain;

namespace EventRtc.Contracts.Clients;

/// <summary>
/// What every gateway is told, through one Redis stream: each entry has the field <c>room</c> and one of the others, in JSON. Entries stay for 3 minutes; a gateway that
/// was away longer learns the rest from joins and renewals.
/// </summary>
public static class Broadcasts
{
    public const string Stream = "rtcus:ws";

    public const string Room = "room";

    /// <summary>A <see cref="RoomStatus"/>.</summary>
    public const string Status = "status";

    /// <summary>An <see cref="Eviction"/>.</summary>
    public const string Evict = "evict";

    public static readonly TimeSpan KeepFor = TimeSpan.FromMinutes(3);
}

/// <summary>Who is in a room. It goes to every gateway and from there to every connection of the room.</summary>
/// <param name="Version">Only grows, also over restarts and empty rooms: a client drops what is older.</param>
public sealed record RoomStatus(long Version, IReadOnlyList<Member> Members);

/// <param name="Status">onair or idle.</param>
public sealed record Member(UserId UserId, Role Role, string Status, string? DisplayName = null);

/// <summary>A connection must close.</summary>
/// <param name="Reason"><see cref="TakenOver"/> or <see cref="Removed"/>.</param>
/// <param name="Holder">The connection meant, as it stands in the lock (<c>{gateway}:{connection}</c>); null for any that the user has.</param>
public sealed record Eviction(UserId User, string Reason, string? Holder = null)
{
    /// <summary>A later connection of the user holds its place.</summary>
    public const string TakenOver = "taken_over";

    /// <summary>The user was removed from the room and is not admitted any more.</summary>
    public const string Removed = "removed";
}
