using System.Numerics;
using EventRtc.Hosting.Processes;
using EventRtc.Visitors;

namespace EventRtc.Benchmarks.Faults;

/// <summary>
/// Sound that tells when it was spoken: beside a steady tone of 1 kHz a second one that rises by 400 Hz a second, from 2 to 6 kHz in 10 s, again and again. What a listener has missed
/// shows as a jump of the second tone, whatever the time stamps of the media say.
/// </summary>
internal static class TimeCode
{
    /// <summary>After which it begins anew.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    /// <summary>How much sound it takes to read it; the reading is that of its middle.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMilliseconds(80);

    private const int Lowest = 2000, Highest = 6000, Rise = 400, Step = 10;

    /// <summary>The steady tone must not be taken for the rising one, and noise for neither.</summary>
    private const double Least = 0.01;

    private static readonly int Samples = (int)(Tone.SampleRate * Window.TotalSeconds);

    /// <summary>A sample's weight and how far the rise turns its phase, from the middle of the window.</summary>
    private static readonly Complex[] Turned = [.. Enumerable.Range(0, Samples).Select(n =>
    {
        var t = (n - Samples / 2.0) / Tone.SampleRate;
        return Complex.FromPolarCoordinates((1 - Math.Cos(2 * Math.PI * n / (Samples - 1))) / Samples, -Math.PI * Rise * t * t);
    })];

    public static async Task<string> MakeWav(string folder)
    {
        var file = Path.Combine(folder, "time-code.wav");
        var sound = FormattableString.Invariant($"aevalsrc=0.12*sin(2*PI*1000*t)+0.12*sin(2*PI*({Lowest}*t+{Rise / 2}*t*t)):s={Tone.SampleRate}:d={Period.TotalSeconds}");
        await using var ffmpeg = await ChildProcess.Start(new ProcessSpec("ffmpeg", "-nostdin", "-loglevel", "error", "-y", "-f", "lavfi", "-i", sound, "-ac", "1", file));
        return await ffmpeg.Exited == 0 ? file : throw new InvalidOperationException($"ffmpeg failed:\n{string.Join('\n', ffmpeg.LastLines)}");
    }

    /// <summary>When the middle of a window was spoken, 0 to <see cref="Period"/>; null when the rising tone is not in it.</summary>
    public static TimeSpan? Read(ReadOnlySpan<float> window)
    {
        var turned = new Complex[Samples];
        for (var n = 0; n < Samples; n++)
            turned[n] = window[n] * Turned[n];
        var strengths = Enumerable.Range(0, (Highest - Lowest) / Step + 1).Select(step => Strength(turned, Lowest + step * Step)).ToList();
        var peak = strengths.IndexOf(strengths.Max());
        if (strengths[peak] < Least)
            return null;
        var between = peak > 0 && peak < strengths.Count - 1 ? Vertex(strengths[peak - 1], strengths[peak], strengths[peak + 1]) : 0;
        return TimeSpan.FromSeconds((peak + between) * Step / Rise);
    }

    /// <summary>From one reading to a later one, 0 to <see cref="Period"/>; a little less than 0 for what is the same but for the precision of the readings.</summary>
    public static TimeSpan Between(TimeSpan earlier, TimeSpan later)
    {
        var time = TimeSpan.FromTicks(((later - earlier).Ticks % Period.Ticks + Period.Ticks) % Period.Ticks);
        return time > Period - TimeSpan.FromSeconds(0.5) ? time - Period : time;
    }

    private static double Strength(Complex[] turned, double hertz)
    {
        var (sum, phase, step) = (Complex.Zero, Complex.One, Complex.FromPolarCoordinates(1, -2 * Math.PI * hertz / Tone.SampleRate));
        foreach (var sample in turned)
            (sum, phase) = (sum + sample * phase, phase * step);
        return sum.Magnitude;
    }

    /// <summary>Where the parabola through three neighbours is highest, from the middle one.</summary>
    private static double Vertex(double left, double middle, double right) => (left - right) / (2 * (left - 2 * middle + right));
}
