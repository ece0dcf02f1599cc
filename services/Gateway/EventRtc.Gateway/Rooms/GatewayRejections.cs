using EventRtc.Domain;

namespace EventRtc.Gateway.Rooms;

/// <summary>What the gateway itself refuses; the rest comes from the room or its users.</summary>
public static class GatewayRejections
{
    public static Rejection WrongPin { get; } = new(RejectionKind.Conflict, "wrong_pin", "This is not the room's pin.");

    /// <summary>Created and not started, about to be ready, about to be ready again elsewhere, or there and without its views.</summary>
    public static Rejection NotReady { get; } = new(RejectionKind.Unavailable, "room_not_ready", "The room is not on air yet.", Retryable: true);

    /// <summary>The user is in the room through this connection, or through another client's.</summary>
    public static Rejection AlreadyJoined { get; } = new(RejectionKind.Conflict, "already_joined", "The user is in the room already.");

    public static Rejection NotJoined { get; } = new(RejectionKind.Conflict, "not_joined", "Join the room first.");

    /// <summary>The place ran out or was forgotten; the connection is closed, and the next one gets it.</summary>
    public static Rejection LockLost { get; } = new(RejectionKind.Unavailable, "lock_lost", "The connection has lost its place in the room.", Retryable: true);

    public static Rejection BadOffer { get; } = new(RejectionKind.Invalid, "invalid_offer", "The session description is not a usable offer.");

    public static Rejection TooManyCandidates { get; } = new(RejectionKind.Invalid, "too_many_candidates", "So many candidates belong to no offer.");

    public static Rejection Invalid(string what) => new(RejectionKind.Invalid, "invalid_params", what);
}
