namespace EventRtc.EventStore;

/// <summary>What makes a later change to an event noticeable; kept in its headers.</summary>
/// <param name="Hash">SHA-256 over the event's content and the hash before it, see <see cref="EventHash"/>; 64 lower-case hexadecimal digits.</param>
/// <param name="PreviousHash">The hash of the event before it in its stream; null for the first one, and after events that were not hashed yet.</param>
/// <param name="Salt">Random, 32 hexadecimal digits: keeps the secret fields from being guessed by their commitments. Null when the body has none.</param>
public sealed record EventProof(string Hash, string? PreviousHash = null, string? Salt = null);
