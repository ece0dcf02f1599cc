using System.Text.Json;
using EventRtc.Domain;
using EventRtc.JsonRpc;
using EventRtc.JsonRpc.Redis;
using EventRtc.Projections;

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
    /// <param name="correlation">The errand that the command belongs to, for logs and the history; null for none but this command.</param>
    /// <inheritdoc cref="Send(RoomCommand, CancellationToken)"/>
    public Task Send(RoomCommand command, Guid? id, CancellationToken ct, string? actor = null, string? correlation = null) => Request<object?>(command, id, actor, correlation, ct);

    /// <inheritdoc cref="Send(RoomCommand, Guid?, CancellationToken, string?, string?)"/>
    public Task<Admission> Admit(RoomCommand.AdmitAnchor command, Guid id, CancellationToken ct, string? actor = null, string? correlation = null) =>
        Request<Admission>(command, id, actor, correlation, ct);

    /// <summary>
    /// What the log says of a room, for whoever misses its views: that they vanished is no wish to stop, and nothing is torn down before the log was asked.
    /// </summary>
    /// <inheritdoc cref="Send(RoomCommand, CancellationToken)"/>
    public Task<RoomNow> Find(RoomId room, CancellationToken ct) => rpc.Request<RoomNow>(Service, FindRoom.Method, new FindRoom(room), ct: ct);

    /// <summary>A module cannot hold the room: it is to move to another one. Returns once it does, or is with another one already.</summary>
    /// <exception cref="RpcException">Refused: <c>no_capacity</c> (try again), <c>not_assigned</c> ...</exception>
    /// <inheritdoc cref="Send(RoomCommand, CancellationToken)"/>
    public Task Move(MoveRoom move, CancellationToken ct) => rpc.Request<object?>(Service, MoveRoom.Method, move, ct: ct);

    /// <summary>The method of a command: <c>reportJanusRoom</c>.</summary>
    public static string MethodOf(Type command) => JsonNamingPolicy.CamelCase.ConvertName(command.Name);

    private Task<TAnswer> Request<TAnswer>(RoomCommand command, Guid? id, string? actor, string? correlation, CancellationToken ct) =>
        rpc.Request<TAnswer>(Service, MethodOf(command.GetType()), command, name: id, actor: actor, correlation: correlation, ct: ct);
}

public sealed record FindRoom(RoomId Room)
{
    public const string Method = "findRoom";
}

/// <param name="Live">As the view <c>livemeta</c> shows it, or is going to; null when the room is not on air.</param>
/// <param name="Mixer">Likewise the view <c>mixer</c>; null when the mixer has not said where it listens.</param>
public sealed record RoomNow(bool Exists, LiveMeta? Live = null, MixerView? Mixer = null)
{
    public static RoomNow Of(RoomState state) => state is RoomState.Assigned { Live: var live } room
        ? new(true, LiveMeta.Of(room), live.Port is { } port ? new MixerView(live.Mixer, port.Ip, port.Port, port.HlsPort) : null)
        : new(state is RoomState.Existing);
}

/// <param name="Module">The one that cannot hold the room.</param>
/// <param name="Nonce">The live session that it speaks of.</param>
/// <param name="Reason">One word for auditors, see <see cref="MoveReasons"/>.</param>
public sealed record MoveRoom(RoomId Room, ModuleKind Kind, ModuleId Module, string Nonce, string Reason)
{
    public const string Method = "moveRoom";
}

/// <summary>What an admitted user may do, and since when.</summary>
/// <param name="At">By the rooms service's clock; a repeated command tells the first time.</param>
public sealed record Admission(Role Role, DateTimeOffset At);
