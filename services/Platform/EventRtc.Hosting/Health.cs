using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EventRtc.Hosting;

/// <summary>
/// <c>/health/live</c> says the process runs; <c>/health/ready</c> and <c>/health</c> ask each dependency, one line each, 503 when one is away.
/// </summary>
public static class Health
{
    private const string Detail = "detail";
    private static readonly TimeSpan CheckWithin = TimeSpan.FromSeconds(2);

    /// <summary>Something this service cannot do without. While it is away that is said in one log line, and the service is not ready.</summary>
    /// <param name="name">What it is: <c>postgres</c>.</param>
    /// <param name="address">Where it is expected, without secrets.</param>
    /// <param name="probe">A quick question; throws when it is away.</param>
    public static void AddDependency(this IServiceCollection services, string name, string address, Func<IServiceProvider, CancellationToken, Task> probe)
    {
        services.AddHealthChecks().Add(new HealthCheckRegistration(
            $"{name} at {address}", provider => new Probe(provider, probe), HealthStatus.Unhealthy, tags: null, CheckWithin));
    }

    /// <summary>Something that this service says of itself: <c>ok   lag: 0 events, 0.0 s</c>. While it is unwell the service is not ready.</summary>
    /// <param name="name">What it is: <c>lag</c>.</param>
    /// <param name="look">A quick look; when it throws, nothing is known, and the service is not ready.</param>
    public static void AddHealthLine(this IServiceCollection services, string name, Func<IServiceProvider, CancellationToken, Task<HealthLine>> look)
    {
        services.AddHealthChecks().Add(new HealthCheckRegistration(name, provider => new Look(provider, look), HealthStatus.Unhealthy, tags: null, CheckWithin));
    }

    internal static void AddHealth(this IHostApplicationBuilder builder)
    {
        builder.Services.AddHealthChecks();
        builder.Services.AddLoop("dependencies", (provider, ct) => ActivatorUtilities.CreateInstance<DependencyLog>(provider).Run(ct));
    }

    internal static void MapHealth(this WebApplication app)
    {
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false, ResponseWriter = (context, _) => Write(context, "live\n") })
            .IsRead("live", "Whether the process runs.").Answers(200, "It does.", "text/plain");
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { ResponseWriter = WriteLines })
            .IsRead("ready", "Whether the service can do its work: a line for each dependency.").AnswersLines();
        app.MapHealthChecks("/health", new HealthCheckOptions { ResponseWriter = WriteLines })
            .IsRead("health", "As /health/ready.").AnswersLines();
    }

    private static IEndpointConventionBuilder IsRead(this IEndpointConventionBuilder route, string id, string summary) =>
        route.WithMetadata(new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head])).Says(id, summary);

    private static void AnswersLines(this IEndpointConventionBuilder route) =>
        route.Answers(200, "Every dependency answers.", "text/plain").Answers(503, "One of them is away; its line begins with away.", "text/plain");

    private static Task WriteLines(HttpContext context, HealthReport report)
    {
        var lines = report.Entries.Select(e => $"{(e.Value.Status == HealthStatus.Healthy ? "ok  " : "away")} {e.Key}{DetailOf(e.Value)}\n");
        return Write(context, report.Entries.Count == 0 ? "ready\n" : string.Concat(lines));
    }

    private static Task Write(HttpContext context, string text)
    {
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text);
    }

    /// <summary>Only what was written for the outside; an exception's text is not.</summary>
    private static string DetailOf(HealthReportEntry entry) => entry.Data.TryGetValue(Detail, out var detail) ? $": {detail}" : "";

    /// <summary>Answers in time, and in words when it fails.</summary>
    private static async Task<HealthCheckResult> InTime(Func<CancellationToken, Task<HealthCheckResult>> check, CancellationToken ct)
    {
        try
        {
            return await check(ct).WaitAsync(ct);
        }
        catch (OperationCanceledException)
        {
            return HealthCheckResult.Unhealthy($"nothing within {CheckWithin.TotalSeconds:0} s");
        }
        catch (Exception failure)
        {
            return HealthCheckResult.Unhealthy(failure.Message);
        }
    }

    private sealed class Probe(IServiceProvider services, Func<IServiceProvider, CancellationToken, Task> ask) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => InTime(
            async ct =>
            {
                await ask(services, ct);
                return HealthCheckResult.Healthy();
            },
            cancellationToken);
    }

    private sealed class Look(IServiceProvider services, Func<IServiceProvider, CancellationToken, Task<HealthLine>> look) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => InTime(
            async ct =>
            {
                var line = await look(services, ct);
                return new HealthCheckResult(line.IsWell ? HealthStatus.Healthy : HealthStatus.Unhealthy, data: new Dictionary<string, object> { [Detail] = line.Text });
            },
            cancellationToken);
    }

    /// <summary>Says once when a dependency goes away and once when it is back.</summary>
    private sealed class DependencyLog(HealthCheckService health, TimeProvider clock, ILogger<DependencyLog> log)
    {
        private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
        private static readonly Meter Meter = new("EventRtc.Hosting");
        private static readonly Gauge<int> Up = Meter.CreateGauge<int>("eventrtc.dependency.up", description: "1 while what the service needs is there, by its name on the health page");

        public async Task Run(CancellationToken ct)
        {
            var away = new HashSet<string>(StringComparer.Ordinal);
            using var timer = new PeriodicTimer(Interval, clock);
            do
            {
                foreach (var (dependency, entry) in (await health.CheckHealthAsync(ct)).Entries)
                {
                    Up.Record(entry.Status == HealthStatus.Healthy ? 1 : 0, new KeyValuePair<string, object?>("dependency", dependency.Split(' ')[0]));
                    if (entry.Status != HealthStatus.Healthy && away.Add(dependency))
                        Say(dependency, entry);
                    else if (entry.Status == HealthStatus.Healthy && away.Remove(dependency))
                        log.LogInformation("{Dependency} is back", dependency);
                }
            }
            while (await timer.WaitForNextTickAsync(ct));
        }

        private void Say(string name, HealthReportEntry entry)
        {
            if (entry.Data.TryGetValue(Detail, out var detail))
                log.LogWarning("Not ready: {Name} is {Detail}", name, detail);
            else
                log.LogWarning("No answer from {Dependency} ({Reason}); trying again until it is there", name, entry.Description);
        }
    }
}

/// <summary>What a service says of itself on its health page.</summary>
/// <param name="Text">For operators, without secrets: <c>0 events, 0.0 s</c>.</param>
public sealed record HealthLine(bool IsWell, string Text)
{
    public static HealthLine Well(string text) => new(true, text);

    public static HealthLine Unwell(string text) => new(false, text);
}
