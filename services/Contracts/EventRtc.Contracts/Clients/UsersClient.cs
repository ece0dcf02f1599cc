using EventRtc.Domain;
using EventRtc.JsonRpc;
using EventRtc.JsonRpc.Redis;

namespace EventRtc.Contracts.Clients;

/// <summary>Tells the users service who is in a room, over Redis.</summary>
/// <exception cref="TimeoutException">No answer; repeating is safe.</exception>
public sealed class UsersClient(RedisRpcClient rpc)
{
    /// <summary>The service's name on Redis.</summary>
    public const string Service = "users";

    /// <summary>Records that somebody is there now, and answers who else is.</summary>
    /// <exception cref="RpcException">Refused: <c>room_full</c>, <c>not_admitted</c>, <c>room_not_found</c> ...</exception>
    public Task<RoomStatus> Join(JoinRoom member, CancellationToken ct) => rpc.Request<RoomStatus>(Service, JoinRoom.Method, member, ct: ct);

    /// <summary>Keeps a member there for another 30 s and sets what it does.</summary>
    public Task Report(ReportStatus status, CancellationToken ct) => rpc.Request<object?>(Service, ReportStatus.Method, status, ct: ct);

    public Task Leave(LeaveRoom member, CancellationToken ct) => rpc.Request<object?>(Service, LeaveRoom.Method, member, ct: ct);
}

/// <param name="DisplayName">How others see the member; at most 64 characters.</param>
public sealed record JoinRoom(RoomId Room, UserId User, Role Role, string? DisplayName = null)
{
    public const string Method = "join";
}

/// <param name="Status">onair or idle.</param>
public sealed record ReportStatus(RoomId Room, UserId User, Role Role, string Status)
{
    public const string Method = "reportStatus";
}

/// <param name="Reason">left, disconnected, removed or inactive.</param>
public sealed record LeaveRoom(RoomId Room, UserId User, string Reason)
{
    public const string Method = "leave";
}

/// <summary>Who is in a room. It goes to every gateway and from there to every connection of the room.</summary>
/// <param name="Version">Only grows, also over restarts and empty rooms: a client drops what is older.</param>
public sealed record RoomStatus(long Version, IReadOnlyList<Member> Members)
{
    /// <summary>The Redis stream that carries it to every gateway: field <c>room</c>, and <c>status</c> in JSON.</summary>
    public const string Stream = "rtcus:ws";
}

/// <param name="Status">onair or idle.</param>
public sealed record Member(UserId UserId, Role Role, string Status, string? DisplayName = null);
