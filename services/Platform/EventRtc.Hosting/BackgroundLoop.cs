using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EventRtc.Hosting;

/// <summary>
/// A named loop that runs until the service stops. When it throws, that is said in one line and it runs again after a pause by
/// <see cref="RetryOptions"/>. When it returns, it is done. A failure that passes is not said here: the log of
/// <see cref="Health">dependencies</see> says once for all loops what is away.
/// </summary>
public static class BackgroundLoop
{
    private static readonly Meter Meter = new("EventRtc.Hosting");
    private static readonly Counter<long> Failures = Meter.CreateCounter<long>("eventrtc.loop.failures", description: "Runs of a background loop that ended by an exception");

    public static void AddLoop(this IServiceCollection services, string name, Func<IServiceProvider, CancellationToken, Task> run) =>
        services.AddSingleton<IHostedService>(provider => new Host(
            name, ct => run(provider, ct), ApiErrors.Transient(provider), provider.GetRequiredService<RetryOptions>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILoggerFactory>()));

    private sealed class Host(string name, Func<CancellationToken, Task> run, Func<Exception, bool> passes, RetryOptions retry, TimeProvider clock, ILoggerFactory logs) : BackgroundService
    {
        private readonly ILogger log = logs.CreateLogger($"Loops.{name}");

        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            Failures.Add(0, new KeyValuePair<string, object?>("loop", name)); // shown from the beginning, so that the first one is seen as a change
            await Task.Yield(); // the host starts its services one after another
            var pause = retry.First;
            while (!stoppingToken.IsCancellationRequested)
            {
                var started = clock.GetTimestamp();
                try
                {
                    await run(stoppingToken);
                    return;
                }
                catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
                {
                    return;
                }
                catch (Exception failure)
                {
                    Failures.Add(1, new KeyValuePair<string, object?>("loop", name));
                    pause = clock.GetElapsedTime(started) > retry.Longest ? retry.First : pause;
                    log.Log(passes(failure) ? LogLevel.Debug : LogLevel.Warning, "{Loop} ended: {Reason}; it runs again in {Pause}", name, failure.Message, pause);
                    log.LogDebug(failure, "{Loop} ended", name);
                }
                await Task.Delay(pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pause = pause * 2 < retry.Longest ? pause * 2 : retry.Longest;
            }
        }
    }
}
