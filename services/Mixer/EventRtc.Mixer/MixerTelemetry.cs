using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace EventRtc.Mixer;

/// <summary>What a mixer tells of its ffmpeg processes.</summary>
internal static class MixerTelemetry
{
    private static readonly ActivitySource Source = new("EventRtc.Mixer");
    private static readonly Meter Meter = new("EventRtc.Mixer");

    private static readonly UpDownCounter<int> Processes = Meter.CreateUpDownCounter<int>("eventrtc.mixer.ffmpeg.processes", description: "ffmpeg processes that run");
    private static readonly Counter<long> Starts = Meter.CreateCounter<long>("eventrtc.mixer.ffmpeg.starts", description: "ffmpeg processes started, by whether it is the room's first here or a restart");
    private static readonly Counter<long> Ends = Meter.CreateCounter<long>("eventrtc.mixer.ffmpeg.ends", description: "Why ffmpeg ended: asked, died, stuck, fed_anew or moved");

    /// <summary>The span of what is done to ffmpeg, as part of a trace.</summary>
    public static Activity? Do(string what) => Activity.Current is { Recorded: true } ? Source.StartActivity(what) : null;

    public static void Started(bool again)
    {
        Processes.Add(1);
        Starts.Add(1, new KeyValuePair<string, object?>("again", again));
    }

    public static void Ended(string why)
    {
        Processes.Add(-1);
        Ends.Add(1, new KeyValuePair<string, object?>("why", why));
    }
}
