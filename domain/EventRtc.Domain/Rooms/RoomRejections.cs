namespace EventRtc.Domain;

/// <summary>Every way in which a command on a room is refused.</summary>
public static class RoomRejections
{
    public static Rejection NotFound { get; } = new(RejectionKind.NotFound, "room_not_found", "The room does not exist.");

    public static Rejection Exists { get; } = new(RejectionKind.Conflict, "room_exists", "A room with this id exists already.");

    public static Rejection Removing { get; } = new(RejectionKind.Conflict, "room_removing", "The room is being removed.");

    public static Rejection NotRemoving { get; } = new(RejectionKind.Conflict, "room_not_removing", "The room is not being removed.");

    public static Rejection NotOnAir { get; } = new(RejectionKind.Conflict, "room_not_on_air", "The room is not on air.");

    /// <summary>The reporting module has lost the room, or speaks of an earlier live session: it should let go of what it holds.</summary>
    public static Rejection NotAssigned { get; } = new(RejectionKind.Conflict, "not_assigned", "The room is not assigned to this module.");

    /// <summary>The forwarder runs from another Janus room, or to another port, than the room has now: it should be replaced.</summary>
    public static Rejection StaleForwarding { get; } =
        new(RejectionKind.Conflict, "stale_forwarding", "The forwarder does not connect the room's present Janus room and mixer port.");

    public static Rejection Full { get; } = new(RejectionKind.Conflict, "room_full", "All places of the room are taken.");

    public static Rejection NotAdmitted { get; } = new(RejectionKind.Conflict, "not_admitted", "The user was not admitted to the room.");

    /// <summary>The caller has the right in another room, or had it in an earlier one of the same id.</summary>
    public static Rejection WrongRoom { get; } = new(RejectionKind.Forbidden, "wrong_room", "This token is for another room.");

    /// <summary>Placement found no fit module to start the room on.</summary>
    public static Rejection NoCapacity { get; } =
        new(RejectionKind.Unavailable, "no_capacity", "No media server has a free place at present.", Retryable: true);

    /// <summary>An event of the room is of an unknown type, or its body is broken: nothing can be decided on what followed it until an operator has looked.</summary>
    public static Rejection Degraded { get; } = new(
        RejectionKind.Unavailable, "room_degraded", "An event of the room cannot be read; operators find it with 'eventrtc parked list'.", Retryable: true);
}
