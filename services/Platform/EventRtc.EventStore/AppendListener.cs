using Microsoft.Extensions.Logging;
using Npgsql;

namespace EventRtc.EventStore;

/// <summary>
/// Wakes a reader when events were appended, over a connection of its own that it opens again when lost. A wake-up is a hint, never the only one:
/// those of the time without a connection are lost, so the reader also looks by itself now and then (see the time-out of <see cref="Wait"/>).
/// </summary>
public sealed class AppendListener : IAsyncDisposable
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(10);

    private readonly PostgresSource source;
    private readonly TimeProvider clock;
    private readonly ILogger log;
    private readonly CancellationTokenSource stop = new();
    private readonly SemaphoreSlim appended = new(0, 1);
    private readonly Task listening;

    internal AppendListener(PostgresSource source, TimeProvider clock, ILogger log)
    {
        this.source = source;
        this.clock = clock;
        this.log = log;
        listening = Task.Run(Run);
    }

    /// <summary>Waits for appends since the last call. True when there were some, also perhaps after a lost connection; false after the time-out.</summary>
    public Task<bool> Wait(TimeSpan timeout, CancellationToken ct) => appended.WaitAsync(timeout, ct);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await listening;
        stop.Dispose();
        appended.Dispose();
    }

    private async Task Run()
    {
        var retry = FirstRetry;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await Listen(() => retry = FirstRetry, stop.Token);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                // Once an outage: whoever reads meanwhile says what is wrong.
                log.Log(retry == FirstRetry ? LogLevel.Warning : LogLevel.Debug, "No wake-ups from PostgreSQL at {Server}: {Reason}; trying again", source.Server, fault.Message);
                await Task.Delay(retry, clock, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                retry = retry * 2 < LastRetry ? retry * 2 : LastRetry;
            }
        }
    }

    private async Task Listen(Action connected, CancellationToken ct)
    {
        // Keepalive finds out about a server that went away without a word.
        var settings = new NpgsqlConnectionStringBuilder(source.ConnectionString) { Pooling = false, KeepAlive = 10 };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        connection.Notification += (_, _) => Wake();
        await connection.OpenAsync(ct);
        await using (var listen = new NpgsqlCommand("listen eventrtc_appended", connection))
            await listen.ExecuteNonQueryAsync(ct);
        connected();
        Wake();
        while (true)
            await connection.WaitAsync(ct);
    }

    private void Wake()
    {
        if (appended.CurrentCount == 0)
            appended.Release();
    }
}
