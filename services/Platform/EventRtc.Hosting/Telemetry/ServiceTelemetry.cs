using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace EventRtc.Hosting.Telemetry;

/// <summary>
/// Listens to the spans and metrics that all parts of a service offer (sources and meters named <c>EventRtc.*</c>): metrics are always shown at <c>/metrics</c>, and both
/// are sent to a collector when <see cref="TelemetryOptions"/> says so. Without that nobody listens to spans, and none is ever made.
/// </summary>
internal static class ServiceTelemetry
{
    private const string Ours = "EventRtc.*";

    /// <summary>What is asked so often, or lasts so long, that its spans would tell nothing: probes, listeners' files, and WebSockets, whose calls have traces of their own.</summary>
    private static readonly PathString[] Untraced = ["/health", "/metrics", "/hls", "/rooms", "/ws"];

    public static void AddTelemetry(this WebApplicationBuilder builder, string service, int port)
    {
        var options = builder.AddSettings<TelemetryOptions>("OTEL");
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(options.ServiceName ?? service, serviceNamespace: "eventrtc", serviceInstanceId: $"{Environment.MachineName}:{port}"))
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(Ours, "System.Runtime", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel").AddPrometheusExporter();
                if (options.MetricsEnabled)
                    metrics.AddOtlpExporter((otlp, reader) =>
                    {
                        Aim(otlp, options);
                        reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)options.MetricsInterval.TotalMilliseconds;
                    });
            });
        if (options.TracingEnabled)
            telemetry.WithTracing(tracing => tracing
                .AddSource(Ours)
                .AddAspNetCoreInstrumentation(http => http.Filter = context => !Array.Exists(Untraced, path => context.Request.Path.StartsWithSegments(path, StringComparison.Ordinal)))
                .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(options.SamplingRatio)))
                .AddOtlpExporter(otlp => Aim(otlp, options)));
        if (options.TracingEnabled || options.MetricsEnabled)
            builder.Services.AddHostedService<ExportLog>();
    }

    /// <summary>Only at HTTP_ADDR, which operators can reach: a service may have another address that faces the public.</summary>
    public static void MapMetrics(this WebApplication app, int port) => app.UseOpenTelemetryPrometheusScrapingEndpoint(
        context => context.Request.Path == "/metrics" && (port == 0 || context.Connection.LocalPort == port));

    private static void Aim(OtlpExporterOptions otlp, TelemetryOptions options)
    {
        otlp.Protocol = OtlpExportProtocol.Grpc;
        otlp.Endpoint = options.Collector;
    }
}
