using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
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

    internal static void AddHealth(this IHostApplicationBuilder builder)
    {
        builder.Services.AddHealthChecks();
        builder.Services.AddLoop("dependencies", (provider, ct) => ActivatorUtilities.CreateInstance<DependencyLog>(provider).Run(ct));
    }

    internal static void MapHealth(this WebApplication app)
    {
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false, ResponseWriter = (context, _) => context.Response.WriteAsync("live\n") });
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { ResponseWriter = WriteLines });
        app.MapHealthChecks("/health", new HealthCheckOptions { ResponseWriter = WriteLines });
    }

    private static Task WriteLines(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "text/plain; charset=utf-8";
        var lines = report.Entries.Select(e => $"{(e.Value.Status == HealthStatus.Healthy ? "ok  " : "away")} {e.Key}\n");
        return context.Response.WriteAsync(report.Entries.Count == 0 ? "ready\n" : string.Concat(lines));
    }

    private sealed class Probe(IServiceProvider services, Func<IServiceProvider, CancellationToken, Task> ask) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            try
            {
                await ask(services, cancellationToken).WaitAsync(cancellationToken);
                return HealthCheckResult.Healthy();
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
    }

    /// <summary>Says once when a dependency goes away and once when it is back.</summary>
    private sealed class DependencyLog(HealthCheckService health, TimeProvider clock, ILogger<DependencyLog> log)
    {
        private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

        public async Task Run(CancellationToken ct)
        {
            var away = new HashSet<string>(StringComparer.Ordinal);
            using var timer = new PeriodicTimer(Interval, clock);
            do
            {
                foreach (var (dependency, entry) in (await health.CheckHealthAsync(ct)).Entries)
                {
                    if (entry.Status != HealthStatus.Healthy && away.Add(dependency))
                        log.LogWarning("No answer from {Dependency} ({Reason}); trying again until it is there", dependency, entry.Description);
                    else if (entry.Status == HealthStatus.Healthy && away.Remove(dependency))
                        log.LogInformation("{Dependency} is back", dependency);
                }
            }
            while (await timer.WaitForNextTickAsync(ct));
        }
    }
}
