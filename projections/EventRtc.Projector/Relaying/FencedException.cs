namespace EventRtc.Projector;

/// <summary>A relay that came after this one has written to Redis already: this one has lost the lead without knowing, and wrote nothing.</summary>
public sealed class FencedException(long fence, long highest) : Exception($"The relay with fence {fence} leads no more, {highest} has come after it.")
{
    /// <summary>The highest fence that Redis has seen.</summary>
    public long Highest { get; } = highest;
}
