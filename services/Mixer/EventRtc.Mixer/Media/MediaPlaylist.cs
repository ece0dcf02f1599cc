using System.Globalization;
using System.Text.RegularExpressions;

namespace EventRtc.Mixer.Media;

/// <summary>A room's playlist as ffmpeg wrote it.</summary>
/// <param name="First">Number of the first segment listed, or of the first to come.</param>
/// <param name="Count">Segments listed; 0 before the first one is made.</param>
internal sealed partial record MediaPlaylist(string Text, long First, int Count)
{
    /// <summary>The number of the next segment, whichever ffmpeg makes it.</summary>
    public long Next => First + Count;

    /// <summary>One that lists nothing yet: ffmpeg goes on from it as from its own, after a discontinuity, and so begins with this number.</summary>
    public static string Begin(long first) => $"#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:{Ffmpeg.SegmentSeconds}\n#EXT-X-MEDIA-SEQUENCE:{first}\n";

    /// <summary>Null when it is not whole: a full disk leaves it empty or cut off.</summary>
    public static MediaPlaylist? Parse(string text) =>
        Whole().Match(text) is { Success: true } match && long.TryParse(match.Groups["first"].ValueSpan, CultureInfo.InvariantCulture, out var first)
            ? new MediaPlaylist(text, first, match.Groups["segment"].Captures.Count)
            : null;

    /// <summary>
    /// With the number of the timeline that it begins in. ffmpeg never writes that; without it a player takes what comes after a discontinuity that has left the window
    /// for the timeline before.
    /// </summary>
    public string InTimeline(long sequence) => MediaSequence().Replace(Text, $"$0#EXT-X-DISCONTINUITY-SEQUENCE:{sequence}\n", count: 1);

    [GeneratedRegex(@"\A#EXTM3U\n(#.*\n)*#EXT-X-MEDIA-SEQUENCE:(?<first>[0-9]+)\n((#.*\n)*(?<segment>seg[0-9]{6,9}\.ts)\n)*\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Whole();

    [GeneratedRegex("^#EXT-X-MEDIA-SEQUENCE:[0-9]+\n", RegexOptions.Multiline)]
    private static partial Regex MediaSequence();
}
