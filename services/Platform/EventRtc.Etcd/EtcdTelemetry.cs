using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace EventRtc.Etcd;

/// <summary>What the client tells of its calls. No key is a label: keys name what they belong to.</summary>
internal static class EtcdTelemetry
{
    private static readonly ActivitySource Source = new("EventRtc.Etcd");
    private static readonly Meter Meter = new("EventRtc.Etcd");

    private static readonly Histogram<double> Calls = Meter.CreateHistogram("eventrtc.etcd.call.duration", "s", "Time of one call to etcd, by method and gRPC status",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5] });

    private static readonly Counter<long> Batches = Meter.CreateCounter<long>("eventrtc.etcd.watch.batches", description: "Answers of etcd to watches, each with what had changed by then");
    private static readonly Counter<long> Events = Meter.CreateCounter<long>("eventrtc.etcd.watch.events", description: "Changes of keys that watches brought");

    private static readonly UpDownCounter<int> Leads = Meter.CreateUpDownCounter<int>("eventrtc.leading", description: "1 while this process leads what the label names");

    /// <summary>The span of one write, as part of a recorded trace; null otherwise: loops that look after keys would make one trace a write.</summary>
    public static Activity? Commit() => Activity.Current is { Recorded: true } ? Source.StartActivity("etcd txn", ActivityKind.Client) : null;

    public static async Task<T> Measured<T>(string path, Func<Task<T>> call)
    {
        var started = Stopwatch.GetTimestamp();
        var status = StatusCode.OK;
        try
        {
            return await call();
        }
        catch (Exception failure)
        {
            status = failure is EtcdException { StatusCode: var code } ? code : StatusCode.Cancelled;
            throw;
        }
        finally
        {
            Calls.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, new("method", path[(path.LastIndexOf('/') + 1)..]), new("status", status.ToString()));
        }
    }

    /// <param name="events">None when the watch was opened just now, which shows the counters from the beginning.</param>
    public static void Watched(int events)
    {
        Batches.Add(events > 0 ? 1 : 0);
        Events.Add(events);
    }

    /// <param name="what">The key that is led.</param>
    public static void Leading(string what, int change) => Leads.Add(change, new KeyValuePair<string, object?>("what", what));
}
