using System.ComponentModel.DataAnnotations;

namespace EventRtc.Hosting.Telemetry;

/// <summary>What a service tells of itself to an OpenTelemetry collector: nothing, unless it is asked to. Bound under OTEL. <c>/metrics</c> is served in any case.</summary>
public sealed record TelemetryOptions
{
    /// <summary>Sends spans. OTEL_TRACING_ENABLED, true or false, default false.</summary>
    public bool TracingEnabled { get; init; }

    /// <summary>Sends metrics, the same that <c>/metrics</c> shows. OTEL_METRICS_ENABLED, true or false, default false.</summary>
    public bool MetricsEnabled { get; init; }

    /// <summary>The name under which both arrive. OTEL_SERVICE_NAME, default: the service's own, such as <c>rooms</c>.</summary>
    public string? ServiceName { get; init; }

    /// <summary>Where the collector takes OTLP over gRPC: <c>host:port</c>, or a URL whose scheme then counts. OTEL_ENDPOINT, default <c>localhost:4317</c>.</summary>
    [RegularExpression(@"(https?://)?[^\s/]+:\d{1,5}/?", ErrorMessage = "must be host:port, such as localhost:4317")]
    public string Endpoint { get; init; } = "localhost:4317";

    /// <summary>Without TLS. OTEL_INSECURE, true or false, default false.</summary>
    public bool Insecure { get; init; }

    /// <summary>Which share of the traces that begin here is recorded, 0 to 1; a call that comes with a trace is recorded when its caller records. OTEL_SAMPLING_RATIO, default 1.</summary>
    [Range(0.0, 1.0)]
    public double SamplingRatio { get; init; } = 1;

    /// <summary>How often metrics are sent. OTEL_METRICS_INTERVAL, 1 s to 10 min, default 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan MetricsInterval { get; init; } = TimeSpan.FromSeconds(15);

    internal Uri Collector => new(Endpoint.Contains("://", StringComparison.Ordinal) ? Endpoint : $"{(Insecure ? "http" : "https")}://{Endpoint}");
}
