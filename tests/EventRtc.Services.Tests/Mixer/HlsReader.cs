using System.Globalization;
using EventRtc.Contracts;
using EventRtc.Domain;

namespace EventRtc.Services.Tests.Mixer;

/// <summary>What a player reads of a playlist.</summary>
internal sealed record HlsReader(IReadOnlyList<string> Lines)
{
    private const string Sequence = "#EXT-X-DISCONTINUITY-SEQUENCE:";

    public IReadOnlyList<string> Segments => [.. Lines.Where(line => line.EndsWith(".ts", StringComparison.Ordinal))];

    /// <summary>The number of each segment's timeline, which changes where one does not go on from the one before.</summary>
    public IReadOnlyList<long> Timelines
    {
        get
        {
            var timeline = Lines.FirstOrDefault(line => line.StartsWith(Sequence, StringComparison.Ordinal)) is { } line ? long.Parse(line.AsSpan(Sequence.Length), CultureInfo.InvariantCulture) : 0;
            var found = new List<long>();
            foreach (var tag in Lines)
                if (tag == "#EXT-X-DISCONTINUITY")
                    timeline++;
                else if (tag.EndsWith(".ts", StringComparison.Ordinal))
                    found.Add(timeline);
            return found;
        }
    }

    public string KeyUri => Between("URI=\"", "\"");

    public byte[] Iv => Convert.FromHexString(Between("IV=0x", null));

    public static HlsReader Read(string playlist) => new(playlist.Split('\n', StringSplitOptions.TrimEntries));

    public static int NumberOf(string segment) => int.Parse(segment.AsSpan(3, 6), CultureInfo.InvariantCulture);

    /// <summary>Decrypts a segment as a player would, and says how loud the tone and a frequency that was never sent are.</summary>
    public async Task<(double Tone, double Other)> Hear(byte[] segment, ReadOnlyMemory<byte> secret, RoomId room, string nonce, string folder)
    {
        var samples = await Tone.Decode(HlsKeys.Decrypt(segment, HlsKeys.Key(secret.Span, room, nonce), Iv), folder);
        return (Tone.Amplitude(samples, Tone.Hertz), Tone.Amplitude(samples, 700));
    }

    private string Between(string start, string? end)
    {
        var key = Lines.Last(line => line.StartsWith("#EXT-X-KEY:", StringComparison.Ordinal));
        var from = key.IndexOf(start, StringComparison.Ordinal) + start.Length;
        return end is null ? key[from..] : key[from..key.IndexOf(end, from, StringComparison.Ordinal)];
    }
}
