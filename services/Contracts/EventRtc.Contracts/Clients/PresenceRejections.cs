using EventRtc.Domain;

namespace EventRtc.Contracts.Clients;

/// <summary>What both the users service and gateways refuse.</summary>
public static class PresenceRejections
{
    /// <summary>A later connection of the user has its place.</summary>
    public static Rejection TakenOver { get; } = new(RejectionKind.Conflict, Eviction.TakenOver, "Another connection of the user has its place.");
}
