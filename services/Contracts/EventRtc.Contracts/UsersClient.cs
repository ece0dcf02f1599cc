using EventRtc.JsonRpc;
using EventRtc.JsonRpc.Redis;
using EventRtc.Streams;

namespace EventRtc.Contracts;

/// <summary>
/// Asks the users service. Every call may be repeated.
/// <para>
/// Each call throws <see cref="RpcException"/> when it is refused (<see cref="Refusals.ToRejection"/> tells why), <see cref="TimeoutException"/> when no
/// answer came in time, and <see cref="RedisException"/> while Redis is away; the last two pass and are to be retried.
/// </para>
/// </summary>
public sealed class UsersClient(RedisRpcClient rpc)
{
    /// <returns>Who is in the room now.</returns>
    public Task<RoomStatus> Join(UsersRequest.Join request, CancellationToken ct) => Ask<UsersRequest.Join, RoomStatus>(request, ct);

    public Task Leave(UsersRequest.Leave request, CancellationToken ct) => Ask<UsersRequest.Leave, object?>(request, ct);

    public Task Status(UsersRequest.Status request, CancellationToken ct) => Ask<UsersRequest.Status, object?>(request, ct);

    private Task<TResult> Ask<TRequest, TResult>(TRequest request, CancellationToken ct) where TRequest : UsersRequest =>
        rpc.Request<TResult>(UsersRequest.Service, UsersRequest.MethodOf<TRequest>(), request, ct: ct);
}
