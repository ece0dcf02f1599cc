using EventRtc.Contracts.Clients;
using EventRtc.Domain;
using EventRtc.JsonRpc;

namespace EventRtc.Gateway.Connections;

/// <summary>
/// Why the gateway closes a connection: the close code, and as its reason the same JSON that errors carry as data, e.g.
/// <c>{"code":"restart","retryable":true,"retryAfterMs":3120}</c>.
/// </summary>
public sealed record Closing(int Code, RpcErrorData Why)
{
    public static Closing Left { get; } = new(1000, new RpcErrorData("left", Retryable: false));

    /// <summary>By the host or an operator: the admission has ended as well.</summary>
    public static Closing Removed { get; } = new(4001, new RpcErrorData("removed", Retryable: false));

    /// <summary>Another connection of the user holds its place.</summary>
    public static Closing TakenOver { get; } = new(4009, new RpcErrorData(PresenceRejections.TakenOver.Code, Retryable: false));

    public static Closing RoomEnded { get; } = new(4410, new RpcErrorData("room_ended", Retryable: false));

    /// <summary>The place ran out or was forgotten, and nobody else has it.</summary>
    public static Closing LockLost { get; } = new(1012, new RpcErrorData("lock_lost", Retryable: true, RetryAfterMs: 0));

    /// <summary>No token, or none that is good here.</summary>
    public static Closing Unauthorized(Rejection why) => new(4001, new RpcErrorData(why.Code, why.Retryable));

    public static Closing Restart(TimeSpan after) => new(1012, new RpcErrorData("restart", Retryable: true, Milliseconds(after)));

    /// <param name="what">The limit that was met, such as <c>too_many_messages</c>.</param>
    public static Closing TooMany(string what, TimeSpan after) => new(4029, new RpcErrorData(what, Retryable: true, Milliseconds(after)));

    private static int Milliseconds(TimeSpan time) => (int)Math.Ceiling(time.TotalMilliseconds);
}
