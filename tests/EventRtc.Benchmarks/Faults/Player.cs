namespace EventRtc.Benchmarks.Faults;

/// <summary>What a player two segments behind live does with what a listener got: it plays on, and stands still while the next segment is not there yet.</summary>
internal static class Player
{
    /// <param name="segments">Begins with the newest but one as the newest appears: the least that such a player ever has in store.</param>
    public static TimeSpan LongestStall(IReadOnlyList<Segment> segments)
    {
        var (at, longest) = (segments[1].At, TimeSpan.Zero);
        foreach (var (playing, next) in segments.Zip(segments.Skip(1)))
        {
            at += playing.Duration;
            if (next.At <= at)
                continue;
            longest = next.At - at > longest ? next.At - at : longest;
            at = next.At;
        }
        return longest;
    }
}
