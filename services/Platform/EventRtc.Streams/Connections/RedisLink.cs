using System.Diagnostics.Metrics;
using System.Security.Authentication;
using Microsoft.Extensions.Logging;

namespace EventRtc.Streams.Connections;

/// <summary>
/// A connection that comes back by itself. It is opened by the first call; calls that find it broken wait for the next one within their time.
/// Calls that are not awaited one after the other keep their order only as long as it holds.
/// </summary>
/// <param name="stopping">Ends all: calls without an answer fail, later ones are refused.</param>
internal sealed class RedisLink(
    RedisOptions options, TimeProvider time, ILogger log, CancellationToken stopping, Func<RedisResult, bool>? push = null) : IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);   // well below CommandTimeout: a waiting call sees several attempts

    private static readonly Meter Meter = new("EventRtc.Streams");
    private static readonly Counter<long> Connects = Meter.CreateCounter<long>("eventrtc.redis.connects", description: "Connections to Redis that were opened");
    private static readonly Counter<long> Losses = Meter.CreateCounter<long>("eventrtc.redis.losses", description: "Connections to Redis that ended and were opened again");

    private readonly RedisDialer dialer = new(options, time);
    private readonly Lock gate = new();
    private TaskCompletionSource<RedisConnection>? attempt;
    private volatile RedisConnection? current;
    private Exception? lastFailure;
    private TimeSpan pause;
    private int waiting;

    /// <summary>The connection, while it is open.</summary>
    public RedisConnection? Current => current is { IsOpen: true } open ? open : null;

    /// <summary>The timestamp that lies so far ahead.</summary>
    public long Deadline(TimeSpan ahead) => time.GetTimestamp() + (long)(ahead.TotalSeconds * time.TimestampFrequency);

    /// <param name="timeout">From now to the answer.</param>
    /// <param name="ct">Ends the wait, not the command: when it was sent already, it may be executed.</param>
    public async Task<RedisResult> Execute(RedisValue[] command, TimeSpan timeout, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var deadline = Deadline(timeout);
        while (true)
        {
            var connection = Current ?? await Connect(deadline, ct);
            if (connection.TrySend(command, deadline) is not { } call)
                continue;   // it ended in between; nothing was sent
            using var cancellation = ct.UnsafeRegister(static (call, token) => ((RedisCall)call!).TrySetCanceled(token), call);
            return await call.Task;
        }
    }

    /// <summary>Waits until the connection is open.</summary>
    /// <exception cref="RedisConnectionException">Not by the deadline, or Redis refuses us; nothing was sent.</exception>
    public async Task<RedisConnection> Connect(long deadline, CancellationToken ct)
    {
        var opening = JoinAttempt();
        try
        {
            var left = time.GetElapsedTime(time.GetTimestamp(), deadline);
            return await opening.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, time, ct);
        }
        catch (TimeoutException)
        {
            throw Unreachable(lastFailure ?? new TimeoutException("no answer yet"));
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    /// <summary>Ends the connection on our own account; the next call opens another one.</summary>
    public void Drop(Exception why)
    {
        var dropped = current;
        current = null;
        dropped?.Close(why);
    }

    public async ValueTask DisposeAsync()
    {
        Task? opening;
        lock (gate)
            opening = attempt?.Task;
        if (opening is not null)
            await opening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);   // its failure is told to those who wait for it
        Drop(new ObjectDisposedException(nameof(RedisClient)));
    }

    private Task<RedisConnection> JoinAttempt()
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(stopping.IsCancellationRequested, typeof(RedisClient));
            if (waiting >= options.QueueLimit)
                throw new RedisQueueFullException($"Redis at {options.Address}: {options.QueueLimit} calls wait for a connection already");
            Interlocked.Increment(ref waiting);
            if (attempt is { Task.IsCompleted: false } || Current is not null)
                return attempt!.Task;

            var next = attempt = new(TaskCreationOptions.RunContinuationsAsynchronously);
            // The connection outlives the caller who happens to be first: it must not keep that caller's trace.
            using (ExecutionContext.SuppressFlow())
                _ = Task.Run(() => Open(next), CancellationToken.None);
            return next.Task;
        }
    }

    /// <summary>Tries until it succeeds, until Redis refuses us, or until the client is disposed.</summary>
    private async Task Open(TaskCompletionSource<RedisConnection> result)
    {
        try
        {
            var again = current is { Closed.IsCompleted: true };
            Losses.Add(again ? 1 : 0);
            if (again && current is { } lost)
                log.LogWarning("Redis at {Address}: the connection ended: {Reason}", options.Address, (await lost.Closed).Message);
            while (true)
            {
                await Task.Delay(pause, time, stopping);
                try
                {
                    var connection = current = await dialer.Open(push, stopping);
                    Connects.Add(1);
                    log.LogInformation("Redis at {Address}: connected", options.Address);
                    (pause, lastFailure) = (TimeSpan.Zero, null);
                    result.SetResult(connection);
                    return;
                }
                catch (Exception e) when (!stopping.IsCancellationRequested)
                {
                    log.LogDebug("Redis at {Address}: cannot connect: {Reason}", options.Address, e.Message);
                    lastFailure = e;
                    pause = pause == TimeSpan.Zero ? FirstPause : pause * 2 < LongestPause ? pause * 2 : LongestPause;
                    if (e is RedisServerException { Code: not "LOADING" } or AuthenticationException)
                        throw Unreachable(e);   // waiting does not help against a wrong password or certificate: tell the callers at once
                }
            }
        }
        catch (Exception e)
        {
            result.SetException(stopping.IsCancellationRequested ? new ObjectDisposedException(nameof(RedisClient)) : e);
            _ = result.Task.Exception;   // marks it as seen: all callers may have given up
        }
    }

    private RedisConnectionException Unreachable(Exception why) => new(why is RedisServerException
        ? $"Redis at {options.Address} refuses the connection: {why.Message}"
        : $"Redis at {options.Address} cannot be reached: {why.Message}", mayHaveExecuted: false, why);
}
