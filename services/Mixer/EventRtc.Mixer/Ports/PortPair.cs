namespace EventRtc.Mixer.Ports;

/// <summary>Two UDP ports that ffmpeg binds: RTP on the even one, RTCP on the next.</summary>
public readonly record struct PortPair(int Rtp)
{
    public int Rtcp => Rtp + 1;

    public override string ToString() => $"{Rtp}";
}

/// <summary>The ports that media may arrive on, both ends included: <c>10000-20000</c>.</summary>
public sealed record PortRange(int First, int Last) : IParsable<PortRange>
{
    /// <summary>Pairs that fit whole.</summary>
    public int Pairs => (Last + 1 - FirstEven) / 2;

    private int FirstEven => First + First % 2;

    /// <summary>The pair at an index from 0 to <see cref="Pairs"/> - 1.</summary>
    public PortPair this[int index] => new(FirstEven + 2 * index);

    public int? IndexOf(int rtp)
    {
        var index = (rtp - FirstEven) / 2;
        return rtp % 2 == 0 && rtp >= FirstEven && index < Pairs ? index : null;
    }

    public static PortRange Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var range) ? range : throw new FormatException("a range of ports is written 10000-20000, within 1024-65535");

    public static bool TryParse(string? s, IFormatProvider? provider, out PortRange result)
    {
        result = new PortRange(0, 0);
        if (s?.Split('-') is not [var low, var high] || !ushort.TryParse(low, out var first) || !ushort.TryParse(high, out var last))
            return false;
        result = new PortRange(first, last);
        return first >= 1024 && result.Pairs > 0;
    }

    public override string ToString() => $"{First}-{Last}";
}
