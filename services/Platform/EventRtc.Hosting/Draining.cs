using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EventRtc.Hosting;

/// <summary>Gives a service that is asked to stop the time to hand over what it holds, while its loops still run and it still serves.</summary>
public static class Draining
{
    /// <param name="within">How long the stop waits for that; zero: not at all.</param>
    /// <param name="drain">Returns when nothing is held any more, or nobody could take it; cancelled when the time is over.</param>
    public static void AddDrain(this IServiceCollection services, TimeSpan within, Func<IServiceProvider, CancellationToken, Task> drain)
    {
        if (within <= TimeSpan.Zero)
            return;
        services.Configure<HostOptions>(host => host.ShutdownTimeout += within);
        services.AddSingleton<IHostedService>(provider => new Drain(within, ct => drain(provider, ct), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<Drain>>()));
    }

    internal sealed class Drain(TimeSpan within, Func<CancellationToken, Task> drain, TimeProvider clock, ILogger<Drain> log) : IHostedLifecycleService
    {
        /// <summary>Comes before any loop or server is stopped.</summary>
        public async Task StoppingAsync(CancellationToken cancellationToken)
        {
            using var over = new CancellationTokenSource(within, clock);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
            try
            {
                await drain(stop.Token);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                log.LogWarning("Not everything could be handed over within {Within}", within);
            }
        }

        public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
