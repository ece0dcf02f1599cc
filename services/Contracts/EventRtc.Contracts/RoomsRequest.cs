using EventRtc.Domain;

namespace EventRtc.Contracts;

/// <summary>
/// What services ask of the rooms service over <c>rpc:rooms</c>: each request is the room command of its name, and the service adds the time.
/// The answer is null, or an error whose <c>data.code</c> is the refusal's code.
/// </summary>
public abstract record RoomsRequest
{
    /// <summary>The service's name on Redis.</summary>
    public const string Service = "rooms";

    private RoomsRequest() { }

    /// <summary>The JSON-RPC method of a request: its type's name in camelCase.</summary>
    public static string MethodOf<TRequest>() where TRequest : RoomsRequest => MethodName.Of<TRequest>();

    public sealed record ReportJanusRoom(RoomId Room, ModuleId Janus, string Nonce, long JanusRoomId) : RoomsRequest;

    public sealed record ReportMixerPort(RoomId Room, ModuleId Mixer, string Nonce, string Ip, int Port, int HlsPort) : RoomsRequest;

    public sealed record ReportForwarding(RoomId Room, ModuleId Janus, long JanusRoomId, string Ip, int Port) : RoomsRequest;

    public sealed record ReportForwardingStopped(RoomId Room, ModuleId Janus) : RoomsRequest;

    public sealed record ReportMixerReleased(RoomId Room, ModuleId Mixer) : RoomsRequest;

    public sealed record ReportJanusRoomDestroyed(RoomId Room, ModuleId Janus) : RoomsRequest;

    public sealed record AdmitAnchor(RoomId Room, UserId User, Role Role) : RoomsRequest;

    public sealed record ReportAnchorJoined(RoomId Room, UserId User) : RoomsRequest;

    public sealed record ReportAnchorLeft(RoomId Room, UserId User, string Reason) : RoomsRequest;
}
