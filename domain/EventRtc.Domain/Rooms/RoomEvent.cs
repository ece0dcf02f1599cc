using System.Text.Json.Serialization;

namespace EventRtc.Domain;

/// <summary>
/// Facts about one room, kept for ever in the stream <c>room-{roomId}</c>: a field never changes its meaning; a new shape is a new record
/// under a new name, and a method with <see cref="UpcastAttribute"/> turns what was stored under the old one into it.
/// </summary>
public abstract record RoomEvent
{
    private RoomEvent() { }

    public abstract RoomId Room { get; init; }

    /// <summary>When the command was given, by the clock of the service that took it.</summary>
    public abstract DateTimeOffset At { get; init; }

    /// <param name="Pin">Six alphanumerics that anchors enter. Secret: masked wherever history is shown.</param>
    /// <param name="MaxAnchors">Speakers at once, 1 to 5. Source: POST /api/rooms; 3 when absent.</param>
    [Event("room_created")]
    public sealed record RoomCreated(RoomId Room, string Pin, int MaxAnchors, DateTimeOffset At) : RoomEvent;

    /// <param name="Nonce">Names this live session; keys and resume tokens are bound to it. Random, made by the rooms service.</param>
    [Event("live_started")]
    public sealed record LiveStarted(RoomId Room, ModuleId Janus, ModuleId Mixer, string Nonce, DateTimeOffset At) : RoomEvent;

    /// <summary>The Janus made its AudioBridge room, or made another one after it had lost the first.</summary>
    /// <param name="JanusRoomId">The AudioBridge's number for the room; beyond 32 bits.</param>
    [Event("janus_room_created")]
    public sealed record JanusRoomCreated(RoomId Room, ModuleId Janus, long JanusRoomId, DateTimeOffset At) : RoomEvent;

    /// <summary>The mixer listens for the room's sound, or listens elsewhere than before.</summary>
    /// <param name="Ip">Where RTP is to be sent.</param>
    /// <param name="Port">RTP over UDP; the port above it belongs to the room too.</param>
    /// <param name="HlsPort">HTTP on the same address: playlist and segments.</param>
    [Event("mixer_port_allocated")]
    public sealed record MixerPortAllocated(RoomId Room, ModuleId Mixer, string Ip, int Port, int HlsPort, DateTimeOffset At) : RoomEvent;

    /// <summary>The sound flows from this Janus room to this port.</summary>
    [Event("forwarding_started")]
    public sealed record ForwardingStarted(RoomId Room, ModuleId Janus, long JanusRoomId, string Ip, int Port, DateTimeOffset At) : RoomEvent;

    /// <summary>The sound no longer flows: the forwarder was stopped, or one of its two ends is gone.</summary>
    [Event("forwarding_stopped")]
    public sealed record ForwardingStopped(RoomId Room, ModuleId Janus, DateTimeOffset At) : RoomEvent;

    /// <summary>The mixer holds nothing of the room any more: no ffmpeg, no port.</summary>
    [Event("mixer_released")]
    public sealed record MixerReleased(RoomId Room, ModuleId Mixer, DateTimeOffset At) : RoomEvent;

    /// <summary>The Janus holds nothing of the room any more.</summary>
    [Event("janus_room_destroyed")]
    public sealed record JanusRoomDestroyed(RoomId Room, ModuleId Janus, DateTimeOffset At) : RoomEvent;

    /// <summary>The room moved: from now on these modules hold it. One of the two may be the same as before.</summary>
    /// <param name="Nonce">That of the live session; another one than before ended what keys and tokens were bound to it.</param>
    /// <param name="Reason">One word for auditors, see <see cref="MoveReasons"/>.</param>
    [Event("modules_reassigned")]
    public sealed record ModulesReassigned(RoomId Room, ModuleId Janus, ModuleId Mixer, string Nonce, string Reason, DateTimeOffset At) : RoomEvent;

    /// <summary>The room is to end; a live one waits until its modules have let go of it.</summary>
    /// <param name="Reason">One word for auditors, e.g. <c>requested</c> or <c>expired</c>.</param>
    /// <param name="DiscardAt">When it stops waiting. Source: <see cref="RoomCommand.RemoveRoom"/>. Null in what was recorded before that could be set, and where nothing is waited for.</param>
    [Event("removal_requested")]
    public sealed record RemovalRequested(RoomId Room, string Reason, DateTimeOffset At, DateTimeOffset? DiscardAt = null) : RoomEvent
    {
        /// <summary>When a live room stops waiting: 60 s after the request unless the event says another time.</summary>
        [JsonIgnore]
        public DateTimeOffset WaitsUntil => DiscardAt ?? At + TimeSpan.FromSeconds(60);
    }

    /// <summary>The room is gone; its id is free again, and its stream goes on with the next room of this id.</summary>
    [Event("room_deleted")]
    public sealed record RoomDeleted(RoomId Room, DateTimeOffset At) : RoomEvent;

    /// <summary>A user may join; a speaker's place is held for <see cref="RoomDecider.AdmissionHold"/>.</summary>
    [Event("anchor_admitted")]
    public sealed record AnchorAdmitted(RoomId Room, UserId User, Role Role, DateTimeOffset At) : RoomEvent;

    [Event("anchor_joined")]
    public sealed record AnchorJoined(RoomId Room, UserId User, DateTimeOffset At) : RoomEvent;

    /// <param name="Reason">One word for auditors, e.g. <c>left</c>; see <see cref="LeaveReasons"/>.</param>
    [Event("anchor_left")]
    public sealed record AnchorLeft(RoomId Room, UserId User, string Reason, DateTimeOffset At) : RoomEvent;
}
