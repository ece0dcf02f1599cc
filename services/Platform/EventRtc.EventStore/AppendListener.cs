using Microsoft.Extensions.Logging;
using Npgsql;

namespace EventRtc.EventStore;

/// <summary>
/// Wakes a reader when events were appended, and brings it those events, over a connection of its own that it opens again when lost. A wake-up is a hint, never the only one:
/// those of the time without a connection are lost, so the reader also looks by itself now and then (see the time-out of <see cref="Wait"/>).
/// </summary>
/// <remarks>
/// It waits and reads on one thread of its own, and the reader goes on there: on an idle machine each way over another thread costs as much as the reading. So the reader must not block it.
/// </remarks>
public sealed class AppendListener : IAsyncDisposable
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(10);

    /// <summary>How long a stop may go unnoticed.</summary>
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(250);

    private readonly PostgresSource source;
    private readonly TimeProvider clock;
    private readonly ILogger log;
    private readonly CancellationTokenSource stop = new();
    private readonly Lock gate = new();
    private readonly Task listening;
    private Waiter? waiter;
    private bool woken;

    internal AppendListener(PostgresSource source, TimeProvider clock, ILogger log)
    {
        this.source = source;
        this.clock = clock;
        this.log = log;
        listening = Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Waits for appends since the last call; also a connection that was lost and found counts as such.</summary>
    /// <param name="after">Where the reader stands.</param>
    /// <param name="limit">The most events to bring.</param>
    /// <returns>The events behind the position; none when the reader had better look by itself: after the time-out, or since the appends came before this call.</returns>
    public async Task<IReadOnlyList<RecordedEvent>> Wait(Position after, int limit, TimeSpan timeout, CancellationToken ct)
    {
        var mine = new Waiter(after, limit);
        lock (gate)
        {
            if (woken)
            {
                woken = false;
                return [];
            }
            waiter = mine;
        }
        try
        {
            return await mine.Events.Task.WaitAsync(timeout, clock, ct);
        }
        catch (TimeoutException)
        {
            return [];
        }
        finally
        {
            Interlocked.CompareExchange(ref waiter, null, mine);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await listening;
        stop.Dispose();
    }

    private void Run()
    {
        var retry = FirstRetry;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                Listen(() => retry = FirstRetry);
            }
            catch (Exception fault)
            {
                // Once an outage: whoever reads meanwhile says what is wrong.
                log.Log(retry == FirstRetry ? LogLevel.Warning : LogLevel.Debug, "No wake-ups from PostgreSQL at {Server}: {Reason}; trying again", source.Server, fault.Message);
                stop.Token.WaitHandle.WaitOne(retry);
                retry = retry * 2 < LastRetry ? retry * 2 : LastRetry;
            }
        }
    }

    private void Listen(Action connected)
    {
        // Keepalive finds out about a server that went away without a word.
        var settings = new NpgsqlConnectionStringBuilder(source.ConnectionString) { Pooling = false, KeepAlive = 10 };
        using var connection = new NpgsqlConnection(settings.ConnectionString);
        connection.Open();
        using (var listen = new NpgsqlCommand("listen eventrtc_appended", connection))
            listen.ExecuteNonQuery();
        using var read = EventRows.CommandBehind(connection);
        connected();
        Wake(read);
        while (!stop.IsCancellationRequested)
            if (connection.Wait(Breath))
                Wake(read);
    }

    private void Wake(NpgsqlCommand read)
    {
        Waiter? served;
        lock (gate)
        {
            (served, waiter) = (waiter, null);
            woken |= served is null;
        }
        try
        {
            served?.Events.TrySetResult(EventRows.Read(read, served.After, served.Limit));
        }
        catch
        {
            served!.Events.TrySetResult([]); // it looks by itself, and meets the fault by itself
            throw;
        }
    }

    private sealed record Waiter(Position After, int Limit)
    {
        public TaskCompletionSource<IReadOnlyList<RecordedEvent>> Events { get; } = new();
    }
}
