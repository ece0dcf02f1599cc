using EventRtc.Domain;

namespace EventRtc.Contracts;

/// <summary>
/// What gateways tell the users service over <c>rpc:users</c>. A user is in a room through one connection at a time; what an earlier
/// connection still says is passed over.
/// </summary>
public abstract record UsersRequest
{
    /// <summary>The service's name on Redis.</summary>
    public const string Service = "users";

    private UsersRequest() { }

    /// <summary>The room the user is in, or is to be in.</summary>
    public abstract RoomId Room { get; init; }

    public abstract UserId User { get; init; }

    /// <summary>The connection that speaks, chosen anew by the gateway for every join.</summary>
    public abstract Guid Connection { get; init; }

    /// <summary>The JSON-RPC method of a request: its type's name in camelCase.</summary>
    public static string MethodOf<TRequest>() where TRequest : UsersRequest => MethodName.Of<TRequest>();

    /// <summary>Answered with <see cref="RoomStatus"/>, the new member among the others.</summary>
    /// <param name="Gateway">Where the connection ends.</param>
    /// <param name="Client">The same for every connection of one browser tab.</param>
    public sealed record Join(RoomId Room, UserId User, Guid Connection, Role Role, string Gateway, Guid Client, string? DisplayName = null) : UsersRequest;

    /// <summary>Answered with null, also when the user is not there any more.</summary>
    public sealed record Leave(RoomId Room, UserId User, Guid Connection, string Reason) : UsersRequest;

    /// <summary>Says that the user is still there. Answered with null; refused <c>not_joined</c> when its presence has lapsed.</summary>
    public sealed record Status(RoomId Room, UserId User, Guid Connection, MemberStatus Presence) : UsersRequest;
}
