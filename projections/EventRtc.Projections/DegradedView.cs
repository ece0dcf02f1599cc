namespace EventRtc.Projections;

/// <summary>View <c>degraded</c>: an event of the room cannot be read, so the other views show the room as it was before; what follows waits for an operator.</summary>
/// <param name="Position">The event's place in the log.</param>
/// <param name="Version">Its place in the room's stream.</param>
/// <param name="Type">Its stored name.</param>
/// <param name="Reason">Why, for people; without secrets.</param>
public sealed record DegradedView(long Position, long Version, string Type, string Reason);
