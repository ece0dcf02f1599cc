namespace EventRtc.Benchmarks.Faults;

/// <summary>What a player does with what a listener got: it plays on, and stands still while the next segment is not there yet.</summary>
internal static class Player
{
    /// <param name="segments">As a listener got them, from a time when nothing was wrong.</param>
    /// <param name="behind">
    /// How far the segment that it plays is behind the newest, as that appears. 2 is what hls.js comes to with <c>liveSyncDurationCount</c> 2, by the time that it takes to begin: an anchor
    /// is heard after about 3.4 s. With 1 it begins at the only moment when it has no more than two segments, and takes no time to.
    /// </param>
    public static TimeSpan LongestStall(IReadOnlyList<Segment> segments, int behind = 2)
    {
        var (at, longest) = (segments[behind].At, TimeSpan.Zero);
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
