using System.Diagnostics;
using System.Diagnostics.Metrics;
using EventRtc.JsonRpc.Redis;

namespace EventRtc.JsonRpc;

/// <summary>What calls tell of themselves, on both ends. Over Redis a call takes its trace along; over a WebSocket each call begins a trace, as a connection lasts for hours.</summary>
internal static class RpcTelemetry
{
    private static readonly ActivitySource Source = new("EventRtc.JsonRpc");
    private static readonly Meter Meter = new("EventRtc.JsonRpc");

    private static readonly Histogram<double> Asked = Meter.CreateHistogram("eventrtc.rpc.client.duration", "s",
        "Time until a service answered, by service, method and outcome: ok, refused, timeout or failed", advice: Fine);

    private static readonly Histogram<double> Served = Meter.CreateHistogram("eventrtc.rpc.server.duration", "s",
        "Time of handling one call, by method and outcome: ok, refused, unavailable, failed, cancelled or unknown_method", advice: Fine);

    private static readonly Counter<long> Refusals = Meter.CreateCounter<long>("eventrtc.rpc.server.refusals", description: "Calls that were refused, by method and code");

    private static readonly Counter<long> Late = Meter.CreateCounter<long>("eventrtc.rpc.server.late", description: "Requests dropped because their caller had given up, by service");

    private static readonly UpDownCounter<int> Active = Meter.CreateUpDownCounter<int>("eventrtc.rpc.server.active", description: "Requests from Redis that are being handled, by service; at most RPC_SERVER_PARALLELISM, the rest waits in the stream");

    private static readonly Gauge<long> InStream = Meter.CreateGauge<long>("eventrtc.rpc.server.waiting", description: "Requests in Redis that no instance has taken yet, by service");

    private static InstrumentAdvice<double> Fine => new() { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] };

    /// <summary>The span of a request to a service; null while nobody records.</summary>
    public static Activity? Ask(string service, string method) => Activity.Current is { Recorded: true } ? Source.StartActivity($"rpc {service}/{method}", ActivityKind.Client) : null;

    public static async Task<T> Ask<T>(string service, string method, Task<T> answer)
    {
        var started = Stopwatch.GetTimestamp();
        var outcome = "failed";
        try
        {
            var result = await answer;
            outcome = "ok";
            return result;
        }
        catch (Exception failure)
        {
            outcome = failure switch { RpcException => "refused", TimeoutException => "timeout", _ => outcome };
            Activity.Current?.SetTag("eventrtc.outcome", outcome);
            throw;
        }
        finally
        {
            Asked.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, new("service", service), new("method", method), new("outcome", outcome));
        }
    }

    /// <summary>What a request from Redis runs under: its caller's trace, also while nobody records, for logs and events name it.</summary>
    public static Activity Serve(string service, RedisRpcRequest request)
    {
        _ = ActivityContext.TryParse(request.Trace, traceState: null, isRemote: true, out var caller); // without a trace it begins one
        var name = request.Frame.Messages is [RpcMessage.Call call] ? $"{service}/{call.Method}" : service;
        return Source.StartActivity(name, ActivityKind.Server, caller) ?? Unrecorded(name, request.Trace);
    }

    /// <summary>A call over a WebSocket; null while nobody records, and then it stays under its connection's trace.</summary>
    public static Activity? Begin(string method)
    {
        if (!Source.HasListeners())
            return null;
        Activity.Current = null;
        return Source.StartActivity($"ws {method}", ActivityKind.Server);
    }

    public static void Handled(string method, string outcome, long started) =>
        Served.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, new("method", method), new("outcome", outcome));

    public static void Refused(string method, string? code) => Refusals.Add(1, new("method", method), new("code", code ?? "none"));

    /// <param name="change">1 when the handling of a request begins, -1 when it ends, 0 to show the service at all.</param>
    public static void UnderWay(string service, int change) => Active.Add(change, new KeyValuePair<string, object?>("service", service));

    public static void Waiting(string service, long requests) => InStream.Record(requests, new KeyValuePair<string, object?>("service", service));

    public static void CameLate(string service) => Late.Add(1, new KeyValuePair<string, object?>("service", service));

    private static Activity Unrecorded(string name, string? trace)
    {
        var activity = new Activity(name);
        if (trace is not null)
            activity.SetParentId(trace);
        return activity.Start();
    }
}
