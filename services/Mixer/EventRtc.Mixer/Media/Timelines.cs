using System.Globalization;

namespace EventRtc.Mixer.Media;

/// <summary>
/// The numbers of the segments that an ffmpeg began with, in a file beside them. Each begins a timeline of its own, after a discontinuity, and timelines are numbered too:
/// upwards from the number of the folder's first segment, which is beyond all that another mixer gave to the same live session.
/// </summary>
internal sealed class Timelines(string file)
{
    public void Begin(long segment)
    {
        var known = Read();
        if (known is not [.., var last] || last != segment) // else the one before made none
            WholeFile.Write(file, string.Concat(known.Append(segment).Select(begun => $"{begun}\n")));
    }

    /// <summary>EXT-X-DISCONTINUITY-SEQUENCE of a playlist that begins with this segment; a discontinuity right before it counts from there on.</summary>
    public long SequenceAt(long segment)
    {
        var known = Read();
        return known.Length == 0 ? 0 : known[0] + known.Count(begun => begun < segment);
    }

    private long[] Read() => File.Exists(file) ? [.. File.ReadLines(file).Select(line => long.Parse(line, CultureInfo.InvariantCulture))] : [];
}
