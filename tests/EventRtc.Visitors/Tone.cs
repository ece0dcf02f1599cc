using EventRtc.Hosting.Processes;

namespace EventRtc.Visitors;

/// <summary>Sine tones: made for fake microphones, found again in what is heard.</summary>
public static class Tone
{
    public const int SampleRate = 48_000;

    /// <summary>A WAV file of 10 s; a volume of 0 gives silence.</summary>
    public static async Task<string> MakeWav(string folder, int hertz, double volume = 0.5)
    {
        var file = Path.Combine(folder, $"tone-{hertz}-{volume}.wav");
        await Run("-f", "lavfi", "-i", FormattableString.Invariant($"sine=frequency={hertz}:duration=10:sample_rate={SampleRate},volume={volume}"), "-ac", "1", file);
        return file;
    }

    /// <summary>MPEG-TS segments in a file to mono samples, -1 to 1. What is missing by their time stamps is silence.</summary>
    public static async Task<float[]> Decode(string file)
    {
        var raw = Path.ChangeExtension(file, ".f32");
        await Run("-f", "mpegts", "-i", file, "-af", "aresample=async=1:min_hard_comp=0.01", "-f", "f32le", "-ac", "1", "-ar", $"{SampleRate}", raw);
        var bytes = await File.ReadAllBytesAsync(raw);
        var samples = new float[bytes.Length / sizeof(float)];
        Buffer.BlockCopy(bytes, 0, samples, 0, samples.Length * sizeof(float));
        return samples;
    }

    /// <summary>The amplitude of one frequency by Goertzel's filter.</summary>
    public static double AmplitudeAt(ReadOnlySpan<float> samples, double hertz)
    {
        var factor = 2 * Math.Cos(2 * Math.PI * hertz / SampleRate);
        double last = 0, before = 0;
        foreach (var sample in samples)
            (last, before) = (sample + factor * last - before, last);
        return 2 * Math.Sqrt(Math.Max(0, last * last + before * before - factor * last * before)) / samples.Length;
    }

    private static async Task Run(params string[] arguments)
    {
        await using var ffmpeg = await ChildProcess.Start(new ProcessSpec("ffmpeg", ["-nostdin", "-loglevel", "error", "-y", .. arguments]));
        if (await ffmpeg.Exited != 0)
            throw new InvalidOperationException($"ffmpeg failed:\n{string.Join('\n', ffmpeg.LastLines)}");
    }
}
