using System.Collections.Concurrent;
using EventRtc.Streams.Connections;
using Microsoft.Extensions.Logging;

namespace EventRtc.Streams;

/// <summary>
/// A client for one Redis server, to be shared by the whole process; asynchronous only. It connects at the first call and reconnects by itself.
/// Commands share one connection, every blocked read has its own, subscriptions have another.
/// <para>
/// Every call may throw <see cref="RedisConnectionException"/> and <see cref="RedisTimeoutException"/>, which say whether the command may have been executed,
/// <see cref="RedisServerException"/> with what Redis answered, and <see cref="RedisQueueFullException"/> when too many calls wait.
/// The client never repeats a command by itself. A cancelled call may have been executed too.
/// </para>
/// </summary>
public sealed partial class RedisClient : IAsyncDisposable
{
    private readonly RedisOptions options;
    private readonly TimeProvider time;
    private readonly ILogger log;
    private readonly CancellationTokenSource stopping = new();
    private readonly RedisLink commands;
    private readonly RedisSubscriber subscriber;
    private readonly ConcurrentStack<RedisLink> idleReaders = new();
    private readonly ConcurrentBag<RedisLink> readers = [];

    /// <exception cref="ArgumentException">The address is not of the form host:port.</exception>
    public RedisClient(RedisOptions options, ILogger<RedisClient> log, TimeProvider? time = null)
    {
        this.options = options;
        this.time = time ?? TimeProvider.System;
        this.log = log;
        commands = new(options, this.time, log, stopping.Token);
        subscriber = new(options, this.time, log, stopping.Token);
    }

    /// <summary>Any command that is not in this class; not for those that block or subscribe.</summary>
    public Task<RedisResult> ExecuteAsync(RedisValue[] command, CancellationToken ct = default) => commands.Execute(command, options.CommandTimeout, ct);

    /// <returns>The time until the answer.</returns>
    public async Task<TimeSpan> PingAsync(CancellationToken ct = default)
    {
        var sent = time.GetTimestamp();
        await ExecuteAsync(["PING"], ct);
        return time.GetElapsedTime(sent);
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await subscriber.DisposeAsync();
        await commands.DisposeAsync();
        foreach (var reader in readers)
            await reader.DisposeAsync();
    }

    /// <summary>Runs a command that blocks on the server, on a connection that nobody else uses meanwhile.</summary>
    private async Task<RedisResult> ExecuteBlocking(RedisValue[] command, TimeSpan block, CancellationToken ct)
    {
        if (!idleReaders.TryPop(out var reader))
            readers.Add(reader = new(options, time, log, stopping.Token));
        try
        {
            return await reader.Execute(command, block + options.CommandTimeout, ct);
        }
        catch (Exception e) when (e is not RedisServerException)
        {
            reader.Drop(e);   // its answer is still due and would hold up the next read
            throw;
        }
        finally
        {
            idleReaders.Push(reader);
        }
    }
}
