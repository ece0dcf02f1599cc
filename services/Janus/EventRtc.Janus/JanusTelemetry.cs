using System.Diagnostics;
using System.Diagnostics.Metrics;
using EventRtc.Janus.Admin;

namespace EventRtc.Janus;

/// <summary>What the worker tells of its Janus.</summary>
internal static class JanusTelemetry
{
    private static readonly ActivitySource Source = new("EventRtc.Janus");
    private static readonly Meter Meter = new("EventRtc.Janus");

    private static readonly Histogram<double> Calls = Meter.CreateHistogram("eventrtc.janus.call.duration", "s", "Time until Janus answered, by call and outcome: ok, refused, timeout or unreachable",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5] });

    private static readonly Gauge<int> Up = Meter.CreateGauge<int>("eventrtc.janus.up", description: "1 while this worker's Janus answers");
    private static readonly Gauge<int> Rooms = Meter.CreateGauge<int>("eventrtc.janus.rooms", description: "AudioBridge rooms of ours in this worker's Janus");
    private static readonly Gauge<int> Anchors = Meter.CreateGauge<int>("eventrtc.janus.anchors", description: "Participants in those rooms: who is connected with sound now");

    /// <summary>What Janus said of itself; null when it did not answer.</summary>
    public static void Looked(IReadOnlyList<Bridge>? listed, int rooms)
    {
        Up.Record(listed is null ? 0 : 1);
        Rooms.Record(listed is null ? 0 : rooms);
        Anchors.Record(listed?.Sum(bridge => bridge.Participants) ?? 0);
    }

    /// <param name="call">The method of <see cref="JanusAdmin"/>.</param>
    public static async Task<T> Measured<T>(string call, Func<Task<T>> ask)
    {
        // As part of a trace only: the worker asks a few times a second by itself.
        using var span = Activity.Current is { Recorded: true } ? Source.StartActivity($"janus {call}", ActivityKind.Client) : null;
        var started = Stopwatch.GetTimestamp();
        var outcome = "ok";
        try
        {
            return await ask();
        }
        catch (Exception failure)
        {
            outcome = failure switch { JanusException => "refused", TimeoutException => "timeout", _ => "unreachable" };
            span?.SetStatus(ActivityStatusCode.Error, outcome);
            throw;
        }
        finally
        {
            Calls.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, new("call", call), new("outcome", outcome));
        }
    }
}
