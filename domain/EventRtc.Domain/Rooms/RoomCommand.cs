namespace EventRtc.Domain;

/// <summary>
/// What somebody wants of a room, or what a worker reports about it. Values are checked where they enter; shapes and units as in
/// <see cref="RoomEvent"/>. Every command may be repeated: the repeat records nothing.
/// </summary>
public abstract record RoomCommand
{
    private RoomCommand() { }

    public abstract RoomId Room { get; init; }

    /// <summary>The time of the service that took the command; the decider has no clock of its own.</summary>
    public abstract DateTimeOffset At { get; init; }

    public sealed record CreateRoom(RoomId Room, string Pin, int MaxAnchors, DateTimeOffset At) : RoomCommand;

    /// <param name="Janus">Placement's choice; null when no Janus is fit, which only matters to a room that needs one.</param>
    /// <param name="Mixer">Likewise.</param>
    public sealed record StartLive(RoomId Room, ModuleId? Janus, ModuleId? Mixer, string Nonce, DateTimeOffset At) : RoomCommand;

    /// <param name="Nonce">The live session for which the Janus made the room, which tells a report from before a move from one after it.</param>
    public sealed record ReportJanusRoom(RoomId Room, ModuleId Janus, string Nonce, long JanusRoomId, DateTimeOffset At) : RoomCommand;

    /// <param name="Nonce">The live session for which the mixer listens.</param>
    public sealed record ReportMixerPort(RoomId Room, ModuleId Mixer, string Nonce, string Ip, int Port, int HlsPort, DateTimeOffset At)
        : RoomCommand;

    public sealed record ReportForwarding(RoomId Room, ModuleId Janus, long JanusRoomId, string Ip, int Port, DateTimeOffset At) : RoomCommand;

    public sealed record ReportForwardingStopped(RoomId Room, ModuleId Janus, DateTimeOffset At) : RoomCommand;

    /// <summary>Reported for a room that is being removed even when the mixer never held anything of it: the removal waits for it.</summary>
    public sealed record ReportMixerReleased(RoomId Room, ModuleId Mixer, DateTimeOffset At) : RoomCommand;

    /// <summary>Reported for a room that is being removed even when the Janus never held anything of it: the removal waits for it.</summary>
    public sealed record ReportJanusRoomDestroyed(RoomId Room, ModuleId Janus, DateTimeOffset At) : RoomCommand;

    /// <summary>The live session goes on under its nonce: listeners keep the playlist and the key that they have.</summary>
    /// <param name="Janus">The present one when only the mixer changes.</param>
    /// <param name="Mixer">Likewise.</param>
    public sealed record ReassignModules(RoomId Room, ModuleId Janus, ModuleId Mixer, string Reason, DateTimeOffset At) : RoomCommand;

    /// <param name="Host">By whose right, and then a host of this very room; null for who may end every room.</param>
    /// <param name="Grace">How long a live room waits for its modules. The rooms service says, not the caller; null when nobody did: <see cref="RoomEvent.RemovalRequested.WaitsUntil"/>.</param>
    public sealed record RemoveRoom(RoomId Room, string Reason, DateTimeOffset At, UserId? Host = null, TimeSpan? Grace = null) : RoomCommand;

    /// <summary>Ends a removal that waits for a module which will not report any more.</summary>
    public sealed record DiscardRoom(RoomId Room, DateTimeOffset At) : RoomCommand;

    /// <param name="Host">By whose right, and then a host of this very room; null for who may admit to every room.</param>
    public sealed record AdmitAnchor(RoomId Room, UserId User, Role Role, DateTimeOffset At, UserId? Host = null) : RoomCommand;

    public sealed record ReportAnchorJoined(RoomId Room, UserId User, DateTimeOffset At) : RoomCommand;

    /// <param name="Host">By whose right the user leaves, and then a host of this very room; null for the user's own, a service's, and that of who may remove from every room.</param>
    public sealed record ReportAnchorLeft(RoomId Room, UserId User, string Reason, DateTimeOffset At, UserId? Host = null) : RoomCommand;
}
