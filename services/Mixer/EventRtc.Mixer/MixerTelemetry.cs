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
    private static readonly Histogram<double> FirstSegments =
        Meter.CreateHistogram("eventrtc.mixer.ffmpeg.first_segment", "s", "From ffmpeg's start to its first whole segment, its wait for sound included, by whether it is the room's first here or a restart",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.5, 0.75, 1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 7.5, 10, 15, 30, 60] });

    private static readonly Gauge<int> Rooms = Meter.CreateGauge<int>("eventrtc.mixer.rooms", description: "Rooms on air at this mixer");
    private static readonly Gauge<int> Pairs = Meter.CreateGauge<int>("eventrtc.mixer.ports", description: "Pairs of RTP ports that this mixer has");
    private static readonly Gauge<int> PairsUsed = Meter.CreateGauge<int>("eventrtc.mixer.ports.used", description: "Pairs of RTP ports that are in use");

    /// <summary>Shows every reason from the beginning, so that its first time is seen as a change.</summary>
    public static void Begin()
    {
        Processes.Add(0);
        Rooms.Record(0);
        foreach (var again in (bool[])[false, true])
            Starts.Add(0, new KeyValuePair<string, object?>("again", again));
        foreach (var why in (string[])["asked", "died", "stuck", "fed_anew", "moved"])
            Ends.Add(0, new KeyValuePair<string, object?>("why", why));
    }

    public static void Holds(int rooms) => Rooms.Record(rooms);

    public static void Ports(int used, int all)
    {
        PairsUsed.Record(used);
        Pairs.Record(all);
    }

    /// <summary>The span of what is done to ffmpeg, as part of a trace.</summary>
    public static Activity? Do(string what) => Activity.Current is { Recorded: true } ? Source.StartActivity(what) : null;

    public static void Started(bool again)
    {
        Processes.Add(1);
        Starts.Add(1, new KeyValuePair<string, object?>("again", again));
    }

    public static void FirstSegment(TimeSpan after, bool again) => FirstSegments.Record(Math.Max(0, after.TotalSeconds), new KeyValuePair<string, object?>("again", again));

    public static void Ended(string why)
    {
        Processes.Add(-1);
        Ends.Add(1, new KeyValuePair<string, object?>("why", why));
    }
}
