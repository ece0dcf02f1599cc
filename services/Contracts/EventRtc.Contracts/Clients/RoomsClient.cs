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
    public Task Send(RoomCommand command, CancellationToken ct) => Send(command, id: null, ct);

    /// <param name="id">The command's id: sent again under it, from any process, the command is answered as before and records nothing more.</param>
    /// <param name="actor">Who gives the command, for the history; null for the calling service itself.</param>
    /// <inheritdoc cref="Send(RoomCommand, CancellationToken)"/>
    public Task Send(RoomCommand command, Guid? id, CancellationToken ct, string? actor = null) => Request<object?>(command, id, actor, ct);

    /// <inheritdoc cref="Send(RoomCommand, Guid?, CancellationToken, string?)"/>
    public Task<Admission> Admit(RoomCommand.AdmitAnchor command, Guid id, CancellationToken ct, string? actor = null) => Request<Admission>(command, id, actor, ct);

    /// <summary>The method of a command: <c>reportJanusRoom</c>.</summary>
    public static string MethodOf(Type command) => JsonNamingPolicy.CamelCase.ConvertName(command.Name);

    private Task<TAnswer> Request<TAnswer>(RoomCommand command, Guid? id, string? actor, CancellationToken ct) =>
        rpc.Request<TAnswer>(Service, MethodOf(command.GetType()), command, name: id, actor: actor, ct: ct);
}

/// <summary>What an admitted user may do, and since when.</summary>
/// <param name="At">By the rooms service's clock; a repeated command tells the first time.</param>
public sealed record Admission(Role Role, DateTimeOffset At);
