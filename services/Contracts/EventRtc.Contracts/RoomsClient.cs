using EventRtc.Domain;
using EventRtc.JsonRpc;
using EventRtc.JsonRpc.Redis;
using EventRtc.Streams;

namespace EventRtc.Contracts;

/// <summary>
/// Asks the rooms service. Every call may be repeated: a report of what is known already records nothing.
/// <para>
/// Each call throws <see cref="RpcException"/> when it is refused (<see cref="Refusals.ToRejection"/> tells why), <see cref="TimeoutException"/> when no
/// answer came in time, and <see cref="RedisException"/> while Redis is away; the last two pass and are to be retried.
/// </para>
/// </summary>
public sealed class RoomsClient(RedisRpcClient rpc)
{
    public Task ReportJanusRoom(RoomId room, ModuleId janus, string nonce, long janusRoomId, CancellationToken ct) =>
        Ask(new RoomsRequest.ReportJanusRoom(room, janus, nonce, janusRoomId), ct);

    public Task ReportMixerPort(RoomId room, ModuleId mixer, string nonce, string ip, int port, int hlsPort, CancellationToken ct) =>
        Ask(new RoomsRequest.ReportMixerPort(room, mixer, nonce, ip, port, hlsPort), ct);

    public Task ReportForwarding(RoomId room, ModuleId janus, long janusRoomId, string ip, int port, CancellationToken ct) =>
        Ask(new RoomsRequest.ReportForwarding(room, janus, janusRoomId, ip, port), ct);

    public Task ReportForwardingStopped(RoomId room, ModuleId janus, CancellationToken ct) => Ask(new RoomsRequest.ReportForwardingStopped(room, janus), ct);

    public Task ReportMixerReleased(RoomId room, ModuleId mixer, CancellationToken ct) => Ask(new RoomsRequest.ReportMixerReleased(room, mixer), ct);

    public Task ReportJanusRoomDestroyed(RoomId room, ModuleId janus, CancellationToken ct) => Ask(new RoomsRequest.ReportJanusRoomDestroyed(room, janus), ct);

    public Task AdmitAnchor(RoomId room, UserId user, Role role, CancellationToken ct) => Ask(new RoomsRequest.AdmitAnchor(room, user, role), ct);

    public Task ReportAnchorJoined(RoomId room, UserId user, CancellationToken ct) => Ask(new RoomsRequest.ReportAnchorJoined(room, user), ct);

    public Task ReportAnchorLeft(RoomId room, UserId user, string reason, CancellationToken ct) => Ask(new RoomsRequest.ReportAnchorLeft(room, user, reason), ct);

    private Task<object?> Ask<TRequest>(TRequest request, CancellationToken ct) where TRequest : RoomsRequest =>
        rpc.Request<object?>(RoomsRequest.Service, RoomsRequest.MethodOf<TRequest>(), request, ct: ct);
}
