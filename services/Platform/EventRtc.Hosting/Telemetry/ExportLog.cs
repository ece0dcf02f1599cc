using System.Diagnostics.Tracing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EventRtc.Hosting.Telemetry;

/// <summary>Says where telemetry goes, and, at most once in a while, that it does not arrive: the exporter itself drops what it cannot send without a word.</summary>
internal sealed class ExportLog(TelemetryOptions options, TimeProvider clock, ILogger<ExportLog> log) : EventListener, IHostedService
{
    private const string Exporter = "OpenTelemetry-Exporter-OpenTelemetryProtocol";
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(5);

    private long? said;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        log.LogInformation("Telemetry goes to {Collector} (traces {Traces}, metrics {Metrics})", options.Collector, options.TracingEnabled, options.MetricsEnabled);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == Exporter)
            EnableEvents(eventSource, EventLevel.Warning);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (said is { } last && clock.GetElapsedTime(last) < Again)
            return;
        said = clock.GetTimestamp();
        log.LogWarning("Telemetry does not reach {Collector}: {Reason}", options.Collector, FirstLine(string.Join(' ', eventData.Payload ?? [])));
    }

    /// <summary>An exception comes with all its stack.</summary>
    private static string FirstLine(string text) => text.Split('\n', 2)[0].TrimEnd();
}
