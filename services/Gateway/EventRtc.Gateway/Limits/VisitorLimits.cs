using EventRtc.Gateway.Rooms;
using EventRtc.JsonRpc;

namespace EventRtc.Gateway.Limits;

/// <summary>What this gateway takes from one visitor, one room and one address. Each gateway counts for itself.</summary>
public sealed class VisitorLimits(LimitOptions options) : IDisposable
{
    /// <summary>Long enough for a full room or address to lose somebody.</summary>
    private static readonly TimeSpan WhenCrowded = TimeSpan.FromSeconds(10);

    private readonly Crowd byAddress = new(options.ConnectionsPerIp);
    private readonly Crowd byRoom = new(options.ConnectionsPerRoom);
    private readonly Buckets handshakes = new("too_many_connections", options.HandshakesPerSecond, options.HandshakeBurst);
    private readonly Buckets reconnects = new("too_many_reconnects", options.ReconnectsPerSecond, options.ReconnectBurst);
    private readonly Buckets joins = new("too_many_joins", options.JoinsPerSecond, options.JoinBurst);
    private readonly Buckets messages = new("too_many_messages", options.MessagesPerSecond, options.MessageBurst);
    private readonly Buckets refusals = new("too_many_messages", Math.Max(1, options.RefusalBurst / 10), options.RefusalBurst);

    /// <summary>Somebody connects from an address, whoever it is.</summary>
    /// <returns>Null, after which <see cref="Leave(string)"/> is owed; or why not.</returns>
    public TooMany? Enter(string address) =>
        handshakes.Take(address) ?? (byAddress.TryEnter(address) ? null : new TooMany("too_many_connections", WhenCrowded));

    public void Leave(string address) => byAddress.Leave(address);

    /// <summary>A known visitor connects.</summary>
    /// <returns>Null, after which <see cref="Leave(Visitor)"/> is owed; or why not.</returns>
    public TooMany? Enter(Visitor visitor) =>
        reconnects.Take(KeyOf(visitor)) ?? (byRoom.TryEnter(visitor.Room.Value) ? null : new TooMany("too_many_in_room", WhenCrowded));

    public void Leave(Visitor visitor) => byRoom.Leave(visitor.Room.Value);

    public TooMany? Join(Visitor visitor) => joins.Take(KeyOf(visitor));

    /// <param name="connection">Its name.</param>
    public TooMany? Message(string connection, Visitor visitor) => messages.Take(connection) ?? messages.Take(KeyOf(visitor));

    /// <summary>A message was refused.</summary>
    /// <returns>Null, or that it was one too many and the connection is to be closed.</returns>
    public TooMany? Refusal(string connection) => refusals.Take(connection);

    public void Dispose()
    {
        foreach (var buckets in (Buckets[])[handshakes, reconnects, joins, messages, refusals])
            buckets.Dispose();
    }

    public static RpcException ToRpc(TooMany limit) => new(
        RpcErrors.TooMany, "Too many; try again later.", new RpcErrorData(limit.Code, Retryable: true, (int)Math.Ceiling(limit.RetryAfter.TotalMilliseconds)));

    private static string KeyOf(Visitor visitor) => $"{visitor.Room}/{visitor.User}";
}
