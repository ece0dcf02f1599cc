using System.Numerics;
using EventRtc.Hosting.Processes;
using EventRtc.Visitors;

namespace EventRtc.Benchmarks.Faults;

/// <summary>
/// Sound that tells when it was spoken: beside a steady tone of 1 kHz two that glide up and down by 300 Hz, once in 10 s, the second a quarter of that behind the first: the two
/// together are one point of a circle. What a listener has missed shows as a jump along it, whatever the time stamps of the media say. Nothing in it jumps by itself: Opus answers the leap
/// of a gliding tone back to its start with up to half a second of noise.
/// </summary>
internal static class TimeCode
{
    /// <summary>After which it begins anew.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    /// <summary>How much sound it takes to read it; the reading is that of its middle.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMilliseconds(80);

    private const int First = 2000, Second = 2800, Swing = 300, Step = 10;

    /// <summary>Noise is not to be taken for a tone.</summary>
    private const double Least = 0.01;

    private static readonly int Samples = (int)(Tone.SampleRate * Window.TotalSeconds);

    /// <summary>A sample's weight.</summary>
    private static readonly double[] Hann = [.. Enumerable.Range(0, Samples).Select(n => (1 - Math.Cos(2 * Math.PI * n / (Samples - 1))) / Samples)];

    public static async Task<string> MakeWav(string folder)
    {
        var file = Path.Combine(folder, "time-code.wav");
        var turns = Swing * Period.TotalSeconds; // of the phase, in radians: the integral of the swing
        var sound = FormattableString.Invariant(
            $"""
            aevalsrc=0.1*sin(2*PI*1000*t)
            +0.1*sin(2*PI*{First}*t+{turns}*sin(2*PI*t/{Period.TotalSeconds}))
            +0.1*sin(2*PI*{Second}*t-{turns}*cos(2*PI*t/{Period.TotalSeconds}))
            :s={Tone.SampleRate}:d={Period.TotalSeconds}
            """).ReplaceLineEndings("");
        await using var ffmpeg = await ChildProcess.Start(new ProcessSpec("ffmpeg", "-nostdin", "-loglevel", "error", "-y", "-f", "lavfi", "-i", sound, "-ac", "1", file));
        return await ffmpeg.Exited == 0 ? file : throw new InvalidOperationException($"ffmpeg failed:\n{string.Join('\n', ffmpeg.LastLines)}");
    }

    /// <summary>When the middle of a window was spoken, 0 to <see cref="Period"/>; null when the gliding tones are not in it.</summary>
    public static TimeSpan? Read(ReadOnlySpan<float> window)
    {
        var weighed = new double[Samples];
        for (var n = 0; n < Samples; n++)
            weighed[n] = window[n] * Hann[n];
        if (Glided(weighed, First) is not { } cosine || Glided(weighed, Second) is not { } sine)
            return null;
        var turn = Math.Atan2(sine, cosine) / (2 * Math.PI);
        return (turn < 0 ? turn + 1 : turn) * Period;
    }

    /// <summary>From one reading to a later one, 0 to <see cref="Period"/>; a little less than 0 for what is the same but for the precision of the readings.</summary>
    public static TimeSpan Between(TimeSpan earlier, TimeSpan later)
    {
        var time = TimeSpan.FromTicks(((later - earlier).Ticks % Period.Ticks + Period.Ticks) % Period.Ticks);
        return time > Period - TimeSpan.FromSeconds(0.5) ? time - Period : time;
    }

    /// <summary>How far from its middle a tone is.</summary>
    private static double? Glided(double[] weighed, int middle)
    {
        var lowest = middle - Swing - Step;
        var strengths = Enumerable.Range(0, 2 * (Swing + Step) / Step + 1).Select(step => Strength(weighed, lowest + step * Step)).ToList();
        var peak = strengths.IndexOf(strengths.Max());
        if (strengths[peak] < Least)
            return null;
        var between = peak > 0 && peak < strengths.Count - 1 ? Vertex(strengths[peak - 1], strengths[peak], strengths[peak + 1]) : 0;
        return lowest + (peak + between) * Step - middle;
    }

    private static double Strength(double[] weighed, double hertz)
    {
        var (sum, phase, step) = (Complex.Zero, Complex.One, Complex.FromPolarCoordinates(1, -2 * Math.PI * hertz / Tone.SampleRate));
        foreach (var sample in weighed)
            (sum, phase) = (sum + sample * phase, phase * step);
        return sum.Magnitude;
    }

    /// <summary>Where the parabola through three neighbours is highest, from the middle one.</summary>
    private static double Vertex(double left, double middle, double right) => (left - right) / (2 * (left - 2 * middle + right));
}
