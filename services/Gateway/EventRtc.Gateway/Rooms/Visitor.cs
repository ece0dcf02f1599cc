using EventRtc.Domain;

namespace EventRtc.Gateway.Rooms;

/// <summary>Whom a token admits, and to which room.</summary>
public sealed record Visitor(RoomId Room, UserId User, Role Role)
{
    /// <summary>As the room's history names it: <c>host:{userId}</c>.</summary>
    public string Actor => $"{DomainJson.Text(Role)}:{User}";
}
