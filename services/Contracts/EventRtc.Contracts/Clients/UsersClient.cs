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

    /// <summary>Keeps a member there for another 30 s and sets what it does. One that was taken for gone joins again by it.</summary>
    /// <exception cref="RpcException">Refused, as a join is; <c>taken_over</c> when a later connection of the user has joined.</exception>
    public Task Report(ReportStatus status, CancellationToken ct) => rpc.Request<object?>(Service, ReportStatus.Method, status, ct: ct);

    /// <summary>Takes a member out, unless a later connection of the user has joined meanwhile.</summary>
    public Task Leave(LeaveRoom member, CancellationToken ct) => rpc.Request<object?>(Service, LeaveRoom.Method, member, ct: ct);

    /// <summary>How many are in all rooms together.</summary>
    public Task<MemberCount> Count(CancellationToken ct) => rpc.Request<MemberCount>(Service, CountMembers.Method, new CountMembers(), ct: ct);

    /// <summary>Takes a member out, whichever connection it has: its gateway closes that, and the user has to be admitted anew.</summary>
    /// <param name="actor">Who wants it, for the room's history: <c>host:{userId}</c>.</param>
    public Task Remove(RemoveMember member, string actor, CancellationToken ct) => rpc.Request<object?>(Service, RemoveMember.Method, member, actor: actor, ct: ct);
}

/// <param name="Generation">Of the user's connection: grows with each, so that what an earlier one still says is ignored. From Redis's clock, in microseconds.</param>
/// <param name="DisplayName">How others see the member; at most 64 characters.</param>
public sealed record JoinRoom(RoomId Room, UserId User, Role Role, long Generation, string? DisplayName = null)
{
    public const string Method = "join";
}

/// <param name="Generation">As in <see cref="JoinRoom"/>.</param>
/// <param name="Status">onair or idle.</param>
public sealed record ReportStatus(RoomId Room, UserId User, Role Role, long Generation, string Status)
{
    public const string Method = "reportStatus";
}

/// <param name="Generation">As in <see cref="JoinRoom"/>.</param>
/// <param name="Reason">left, disconnected or inactive.</param>
public sealed record LeaveRoom(RoomId Room, UserId User, long Generation, string Reason)
{
    public const string Method = "leave";
}

public sealed record CountMembers
{
    public const string Method = "count";
}

public sealed record MemberCount(long Members);

/// <param name="Host">By whose right, and then a host of this very room, or it is refused <c>wrong_room</c>; null for who may remove from every room, and for the user itself.</param>
public sealed record RemoveMember(RoomId Room, UserId User, UserId? Host = null)
{
    public const string Method = "remove";
}
