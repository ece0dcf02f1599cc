using System.ComponentModel.DataAnnotations;

namespace EventRtc.Hosting.Telemetry;

/// <summary>What a service tells of itself to an OpenTelemetry collector: nothing, unless it is asked to. <c>/metrics</c> is served in any case.</summary>
public sealed record TelemetryOptions
{
    private const string MustBe = "must be host:port, such as localhost:4317";

    /// <summary>Sends spans. Default false.</summary>
    public bool TracingEnabled { get; init; }

    /// <summary>Sends metrics, the same that <c>/metrics</c> shows. Default false.</summary>
    public bool MetricsEnabled { get; init; }

    /// <summary>The name under which both arrive. Default each service's own.</summary>
    [DefaultIs("each service's own")]
    public string? ServiceName { get; init; }

    /// <summary>Where the collector takes OTLP over gRPC: <c>host:port</c>, or a URL whose scheme then counts. Default localhost:4317.</summary>
    [RegularExpression(@"(https?://)?[^\s/]+:\d{1,5}/?", ErrorMessage = MustBe), CollectorUrl]
    public string Endpoint { get; init; } = "localhost:4317";

    /// <summary>Without TLS. Default false.</summary>
    public bool Insecure { get; init; }

    /// <summary>Which share of the traces that begin here is recorded; a call that comes with a trace is recorded when its caller records. Default 1; 0 to 1.</summary>
    [Range(0.0, 1.0)]
    public double SamplingRatio { get; init; } = 1;

    /// <summary>How often metrics are sent. Default 15 s; 1 s to 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan MetricsInterval { get; init; } = TimeSpan.FromSeconds(15);

    internal Uri Collector => new(UrlOf(Endpoint, Insecure));

    private static string UrlOf(string endpoint, bool insecure) => endpoint.Contains("://", StringComparison.Ordinal) ? endpoint : $"{(insecure ? "http" : "https")}://{endpoint}";

    /// <summary>A port beyond 65535, or a second colon, looks like host:port and is no URL.</summary>
    [AttributeUsage(AttributeTargets.Property)]
    private sealed class CollectorUrlAttribute() : ValidationAttribute(MustBe)
    {
        public override bool IsValid(object? value) => value is string endpoint && Uri.TryCreate(UrlOf(endpoint, insecure: true), UriKind.Absolute, out _);
    }
}
