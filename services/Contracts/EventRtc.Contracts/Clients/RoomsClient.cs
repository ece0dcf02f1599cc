using System.Text.Json;
using EventRtc.Domain;
using EventRtc.JsonRpc;
using EventRtc.JsonRpc.Redis;

namespace EventRtc.Contracts.Clients;

/// <summary>
/// Sends commands on rooms to the rooms service over Redis: what a worker did, whom a service admits. Each command is a method, its fields are the
/// parameters; the rooms service sets the time.
/// </summary>
public sealed class RoomsClient(RedisRpcClient rpc)
{
    /// <summary>The service's name on Redis.</summary>
    public const string Service = "rooms";

    /// <summary>Returns once the command is accepted; what was so already is accepted too.</summary>
    /// <exception cref="RpcException">Refused; <see cref="Refusals.Of"/> tells why.</exception>
    /// <exception cref="TimeoutException">No answer; the command may have been executed and may be repeated.</exception>
    public Task Send(RoomCommand command, CancellationToken ct) => rpc.Request<object?>(Service, MethodOf(command.GetType()), command, ct: ct);

    /// <summary>The method of a command: <c>reportJanusRoom</c>.</summary>
    public static string MethodOf(Type command) => JsonNamingPolicy.CamelCase.ConvertName(command.Name);
}
