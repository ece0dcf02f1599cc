using System.Globalization;
using System.Text.RegularExpressions;

namespace EventRtc.Benchmarks.Faults;

/// <summary>A segment as a playlist names it.</summary>
/// <param name="Number">Media sequence: only grows, and a player takes nothing that is not above what it has had.</param>
/// <param name="File">Relative to the playlist.</param>
/// <param name="KeyFile">Where the key is, as the playlist says.</param>
internal sealed record Listed(long Number, string File, TimeSpan Duration, string KeyFile, byte[] Iv);

/// <summary>Reads an HLS playlist as players do.</summary>
internal static partial class Playlist
{
    public static IReadOnlyList<Listed> Read(string text)
    {
        var listed = new List<Listed>();
        var (number, duration, key, iv) = (0L, TimeSpan.Zero, "", Array.Empty<byte>());
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (Value(line, "#EXT-X-MEDIA-SEQUENCE:") is { } first)
                number = long.Parse(first, CultureInfo.InvariantCulture);
            else if (Value(line, "#EXTINF:") is { } seconds)
                duration = TimeSpan.FromSeconds(double.Parse(seconds.Split(',')[0], CultureInfo.InvariantCulture));
            else if (KeyLine().Match(line) is { Success: true } given)
                (key, iv) = (given.Groups["uri"].Value, Convert.FromHexString(given.Groups["iv"].Value));
            else if (!line.StartsWith('#'))
                listed.Add(new Listed(number++, line, duration, key, iv));
        }
        return listed;
    }

    private static string? Value(string line, string tag) => line.StartsWith(tag, StringComparison.Ordinal) ? line[tag.Length..] : null;

    [GeneratedRegex("""^#EXT-X-KEY:METHOD=AES-128,URI="(?<uri>[^"]+)",IV=0x(?<iv>[0-9A-Fa-f]{32})""")]
    private static partial Regex KeyLine();
}
