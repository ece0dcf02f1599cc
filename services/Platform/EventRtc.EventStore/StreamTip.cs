namespace EventRtc.EventStore;

/// <summary>The end of a stream, which a decision was made on and the next event is appended behind.</summary>
/// <param name="Version">The last event's; 0 for a stream without events.</param>
/// <param name="Hash">The last event's, see <see cref="EventProof"/>; null without an event, and where the last one is from before events were hashed.</param>
public readonly record struct StreamTip(long Version, string? Hash)
{
    /// <summary>A stream without events.</summary>
    public static StreamTip None => default;
}
