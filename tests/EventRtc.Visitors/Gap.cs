namespace EventRtc.Visitors;

/// <summary>Times without the tone, in what was to be the tone all the time.</summary>
public static class Gap
{
    /// <summary>What is looked at as one: ten periods of 1 kHz.</summary>
    public static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(10);

    /// <summary>In decoded samples.</summary>
    public static TimeSpan Longest(float[] samples) =>
        Longest([.. samples.Chunk((int)(Tone.SampleRate * Frame.TotalSeconds)).Select(frame => Tone.AmplitudeAt(frame, 1000))]);

    /// <param name="amplitudes">Of 1 kHz, for each frame; below half the usual one there is no tone.</param>
    public static TimeSpan Longest(IReadOnlyList<double> amplitudes)
    {
        var least = amplitudes.Order().ElementAt(amplitudes.Count / 2) / 2;
        int longest = 0, current = 0;
        foreach (var amplitude in amplitudes)
            longest = Math.Max(longest, current = amplitude < least ? current + 1 : 0);
        return longest * Frame;
    }
}
