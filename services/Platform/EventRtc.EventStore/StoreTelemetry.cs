using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace EventRtc.EventStore;

/// <summary>What the store tells of its appends. Names follow OpenTelemetry; nobody's id is a label.</summary>
internal static class StoreTelemetry
{
    private static readonly ActivitySource Source = new("EventRtc.EventStore");
    private static readonly Meter Meter = new("EventRtc.EventStore");

    private static readonly Histogram<double> Appends = Meter.CreateHistogram("eventrtc.append.duration", "s",
        "Time of one append, waiting for its transaction included, by outcome: appended, repeated, conflict, busy, cancelled or failed",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5] });

    private static readonly Counter<long> Events = Meter.CreateCounter<long>("eventrtc.append.events", description: "Events appended, by their type");

    private static readonly Histogram<int> Groups = Meter.CreateHistogram("eventrtc.append.group", "{append}",
        "Appends that shared one transaction", advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128] });

    private static readonly UpDownCounter<int> Waiting = Meter.CreateUpDownCounter<int>("eventrtc.append.queue", description: "Appends that wait for a transaction");

    private static readonly Counter<long> Retries = Meter.CreateCounter<long>("eventrtc.command.retries", description: "Decisions made anew, because somebody else appended to the stream meanwhile");

    /// <summary>Shows those that are rare from the beginning, so that their first time is seen as a change.</summary>
    public static void Begin()
    {
        Waiting.Add(0);
        Retries.Add(0);
    }

    /// <summary>The span of one append; it is the one that the events name as their origin. Null while nobody records.</summary>
    public static Activity? Append(StreamId stream, int events) =>
        Source.StartActivity("append")?.SetTag("eventrtc.stream", stream.Value).SetTag("eventrtc.events", events);

    public static async Task<AppendResult> Measured(Task<AppendResult> append, IReadOnlyList<NewEvent> events)
    {
        var started = Stopwatch.GetTimestamp();
        var outcome = "failed";
        try
        {
            var result = await append;
            outcome = result switch { AppendResult.VersionConflict => "conflict", AppendResult.Appended { Repeated: true } => "repeated", _ => "appended" };
            if (outcome == "appended" && Events.Enabled)
                foreach (var e in events)
                    Events.Add(1, new KeyValuePair<string, object?>("type", e.Type));
            return result;
        }
        catch (Exception failure)
        {
            outcome = failure switch { EventStoreBusyException => "busy", OperationCanceledException => "cancelled", _ => outcome };
            Activity.Current?.SetStatus(ActivityStatusCode.Error, outcome);
            throw;
        }
        finally
        {
            Appends.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, new KeyValuePair<string, object?>("outcome", outcome));
        }
    }

    public static void Entered() => Waiting.Add(1);

    public static void Left(int appends) => Waiting.Add(-appends);

    public static void Grouped(int appends) => Groups.Record(appends);

    public static void DecidedAnew() => Retries.Add(1);
}
