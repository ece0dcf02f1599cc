using System.Runtime.InteropServices;
using EventRtc.Hosting.Processes;

namespace EventRtc.Services.Tests.Mixer;

/// <summary>A 1 kHz tone as it is sent, and as it is found again.</summary>
internal static class Tone
{
    public const int Hertz = 1000;
    private const int SampleRate = 48_000;

    /// <summary>Sends the tone as Opus over RTP to a port on loopback until disposed, as a Janus forwarder would.</summary>
    public static Task<ChildProcess> SendTo(int port) => ChildProcess.Start(new ProcessSpec(
        "ffmpeg", "-hide_banner", "-nostdin", "-loglevel", "error", "-re", "-f", "lavfi", "-i", $"sine=frequency={Hertz}:sample_rate={SampleRate}",
        "-ac", "2", "-c:a", "libopus", "-b:a", "64k", "-payload_type", "111", "-f", "rtp", $"rtp://127.0.0.1:{port}"));

    /// <summary>Makes an Ogg/Opus file of the tone, as AudioBridge plays them.</summary>
    public static async Task<string> MakeFile(string folder)
    {
        var file = Path.Combine(folder, "tone.opus");
        await using var ffmpeg = await ChildProcess.Start(new ProcessSpec(
            "ffmpeg", "-hide_banner", "-nostdin", "-loglevel", "error", "-f", "lavfi", "-i", $"sine=frequency={Hertz}:sample_rate={SampleRate}:duration=5",
            "-ac", "1", "-c:a", "libopus", file));
        return await ffmpeg.Exited == 0 ? file : throw new InvalidDataException($"No tone: {string.Join('\n', ffmpeg.LastLines)}");
    }

    /// <summary>Decodes an MPEG-TS segment in the clear to mono samples from -1 to 1.</summary>
    public static async Task<float[]> Decode(byte[] segment, string folder)
    {
        var (input, output) = (Path.Combine(folder, "clear.ts"), Path.Combine(folder, "samples.f32"));
        await File.WriteAllBytesAsync(input, segment);
        await using var decoder = await ChildProcess.Start(new ProcessSpec(
            "ffmpeg", "-hide_banner", "-nostdin", "-loglevel", "error", "-y", "-f", "mpegts", "-i", input, "-ac", "1", "-ar", $"{SampleRate}", "-f", "f32le", output));
        if (await decoder.Exited != 0)
            throw new InvalidDataException($"Not a segment: {string.Join('\n', decoder.LastLines)}");
        return MemoryMarshal.Cast<byte, float>(await File.ReadAllBytesAsync(output)).ToArray();
    }

    /// <summary>The amplitude of one frequency (Goertzel): 1 for a full-scale sine, next to 0 when it is not there.</summary>
    public static double Amplitude(ReadOnlySpan<float> samples, double hertz)
    {
        var coefficient = 2 * Math.Cos(2 * Math.PI * hertz / SampleRate);
        var (last, before) = (0.0, 0.0);
        foreach (var sample in samples)
            (last, before) = (sample + coefficient * last - before, last);
        var power = last * last + before * before - coefficient * last * before;
        return 2 * Math.Sqrt(power) / samples.Length;
    }
}
