using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace EventRtc.Visitors;

/// <summary>What a player does, step by step: playlist, key with a token, segments, decryption, decoding.</summary>
public sealed partial class Listener(RoomApi rooms, string room)
{
    /// <summary>How loud 1 kHz must be beside 700 Hz to count as the tone.</summary>
    public const double Distinct = 20;

    /// <summary>The number of the newest listed segment.</summary>
    public async Task<int> NewestSegment() => (await Listed()).Max();

    /// <summary>The numbers of all segments that can be had now: those of the last 6 s.</summary>
    public async Task<IReadOnlyList<int>> Listed() => [.. Segments(await Playlist()).Select(NumberOf)];

    /// <summary>A segment without its encryption.</summary>
    public async Task<byte[]> Segment(int number)
    {
        var playlist = await Playlist();
        return await Decrypt(await Key(playlist), Segments(playlist).Single(segment => NumberOf(segment) == number));
    }

    /// <summary>1 kHz against 700 Hz over the newest segments with numbers above <paramref name="after"/>; null while there are fewer than two.</summary>
    public async Task<double?> ToneRatio(int after = -1)
    {
        var playlist = await Playlist();
        var fresh = Segments(playlist).Where(segment => NumberOf(segment) > after).TakeLast(2).ToList();
        if (fresh.Count < 2)
            return null;
        var key = await Key(playlist);
        var samples = await Decode(await Task.WhenAll(fresh.Select(segment => Decrypt(key, segment))));
        return Tone.AmplitudeAt(samples, 1000) / Math.Max(Tone.AmplitudeAt(samples, 700), 1e-9);
    }

    /// <summary>Successive segments as one.</summary>
    public static async Task<float[]> Decode(IEnumerable<byte[]> segments)
    {
        var file = Path.Combine(Path.GetTempPath(), $"eventrtc-heard-{Guid.NewGuid():N}.ts");
        try
        {
            await using (var plain = File.Create(file))
                foreach (var segment in segments)
                    await plain.WriteAsync(segment);
            return await Tone.Decode(file);
        }
        finally
        {
            File.Delete(file);
            File.Delete(Path.ChangeExtension(file, ".f32"));
        }
    }

    private async Task<SegmentKey> Key(string playlist)
    {
        var line = KeyLine().Matches(playlist)[^1];
        using var answer = await rooms.Media(room, line.Groups["uri"].Value, await rooms.ListenerToken(room));
        return new SegmentKey(await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync(), Convert.FromHexString(line.Groups["iv"].Value));
    }

    private async Task<string> Playlist()
    {
        using var answer = await rooms.Media(room, "stream.m3u8");
        return await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
    }

    private async Task<byte[]> Decrypt(SegmentKey key, string segment)
    {
        using var answer = await rooms.Media(room, segment);
        return key.Decrypt(await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync());
    }

    private static IEnumerable<string> Segments(string playlist) => playlist.Split('\n').Where(line => line.EndsWith(".ts", StringComparison.Ordinal));

    private static int NumberOf(string segment) => int.Parse(segment[3..^3], CultureInfo.InvariantCulture);

    [GeneratedRegex("""#EXT-X-KEY:METHOD=AES-128,URI="(?<uri>[^"]+)",IV=0x(?<iv>[0-9A-Fa-f]{32})""")]
    private static partial Regex KeyLine();

    private sealed record SegmentKey(byte[] Key, byte[] Iv)
    {
        public byte[] Decrypt(byte[] segment)
        {
            using var aes = Aes.Create();
            aes.Key = Key;
            return aes.DecryptCbc(segment, Iv);
        }
    }
}
