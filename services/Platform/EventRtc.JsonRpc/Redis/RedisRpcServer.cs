using System.Collections.Concurrent;
using EventRtc.Streams;
using Microsoft.Extensions.Logging;

namespace EventRtc.JsonRpc.Redis;

/// <summary>
/// One instance of a service: takes requests from <c>rpc:{service}</c> as a consumer of the service's group, and answers into the caller's <c>rpc:reply:{instance}</c>.
/// A request stays its consumer's until it is answered; a consumer that is not heard of loses it to another instance, so a request may be executed twice.
/// One whose caller has given up is dropped, which needs clocks that agree well within the callers' time-outs.
/// </summary>
/// <param name="instance">Names this process among the instances; the same after a restart, so that consumers do not pile up.</param>
public sealed class RedisRpcServer(
    RedisClient redis, string service, string instance, RpcMethods methods, RedisRpcServerOptions options, ILogger<RedisRpcServer> log, TimeProvider clock)
{
    /// <summary>The answer and its acknowledgement are one step: a crash leaves either both or a request that another instance takes over.</summary>
    private static readonly LuaScript Reply = LuaScript.Prepare("""
        local oldest = (redis.call('TIME')[1] - ARGV[4]) .. '000'
        redis.call('XADD', KEYS[2], 'MINID', '~', oldest, '*', 'rpc', ARGV[3])
        redis.call('EXPIRE', KEYS[2], ARGV[4])
        return redis.call('XACK', KEYS[1], ARGV[1], ARGV[2])
        """);

    private readonly string requests = RpcKeys.Requests(service);
    private readonly TimeSpan sweepEvery = options.ReclaimAfter / 4;
    private readonly ConcurrentDictionary<string, Task> underWay = new();
    private string? newest;

    private int Free => options.Parallelism - underWay.Count;

    /// <summary>Serves until cancelled, then waits a little for what is under way.</summary>
    /// <exception cref="RedisException">Redis is away, or has lost the stream: run it again.</exception>
    public async Task Run(CancellationToken ct)
    {
        try
        {
            // From the first entry on: what was asked before any instance ran is answered too, if anyone still waits.
            RpcTelemetry.UnderWay(service, 0);
            await redis.StreamCreateConsumerGroupAsync(requests, service, StreamPosition.Beginning, createStream: true, ct);
            while (true)
            {
                await Sweep(ct);
                var swept = clock.GetTimestamp();
                while (sweepEvery - clock.GetElapsedTime(swept) is { Ticks: > 0 } left)
                    await Read(left, ct);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            await Task.WhenAny(Task.WhenAll(underWay.Values), Task.Delay(options.StopGrace, clock, CancellationToken.None));
            throw;
        }
    }

    /// <summary>Takes no more than can be handled at once: the rest is for other instances.</summary>
    private async Task Read(TimeSpan within, CancellationToken ct)
    {
        if (Free <= 0)
        {
            await Task.WhenAny([.. underWay.Values, Task.Delay(within, clock, ct)]);
            return;
        }
        var streams = await redis.StreamReadGroupAsync(
            service, instance, [new StreamPosition(requests, StreamPosition.NewMessages)], Free, block: within, ct: ct);
        foreach (var stream in streams)
        {
            newest = stream.Entries[^1].Id;
            Start(stream.Entries);
        }
    }

    /// <summary>Says that we still work on what we hold and how much nobody has taken yet, takes over what others left lying, forgets what is long done.</summary>
    private async Task Sweep(CancellationToken ct)
    {
        if ((await redis.StreamGroupsAsync(requests, ct)).FirstOrDefault(group => group.Name == service) is { Waiting: { } waiting })
            RpcTelemetry.Waiting(service, waiting);
        if (underWay.Keys is { Count: > 0 } held)
            await redis.ExecuteAsync(["XCLAIM", requests, service, instance, 0, .. held.Select(id => (RedisValue)id), "JUSTID"], ct);
        if (Free > 0)
        {
            var left = await redis.StreamAutoClaimAsync(requests, service, instance, options.ReclaimAfter, count: Free, ct: ct);
            if (left.ClaimedEntries.Count > 0)
                log.LogInformation("{Count} requests to {Service} are taken over from consumers that went silent", left.ClaimedEntries.Count, service);
            Start(left.ClaimedEntries);
        }
        if (newest is { } read)
            await redis.StreamTrimByMinIdAsync(requests, OldestKept(read), ct: ct);
    }

    /// <summary>What came before was handled long ago; what nobody has read yet stays, however old.</summary>
    private string OldestKept(string read)
    {
        var old = clock.GetUtcNow() - options.KeepFor;
        return old < RedisRpcRequest.Time(read) ? $"{old.ToUnixTimeMilliseconds()}-0" : read;
    }

    private void Start(IReadOnlyList<StreamEntry> entries)
    {
        foreach (var entry in entries)
        {
            var handled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            // One that we still work on can come back to us when this process was frozen.
            if (underWay.TryAdd(entry.Id, handled.Task))
                _ = Task.Run(() => Handle(entry, handled));
        }
    }

    private async Task Handle(StreamEntry entry, TaskCompletionSource handled)
    {
        RpcTelemetry.UnderWay(service, 1);
        RedisRpcRequest? request = null;
        try
        {
            request = RedisRpcRequest.Read(entry);
            if (await Answer(entry, request) is { Length: > 0 } answer)
                await redis.ScriptEvaluateAsync(
                    Reply, [requests, RpcKeys.Replies(entry[RpcKeys.Caller]!)], [service, entry.Id, answer, (long)options.KeepFor.TotalSeconds]);
            else
                await redis.StreamAcknowledgeAsync(requests, service, [entry.Id]);
        }
        catch (RedisException away)
        {
            using var ids = IdsOf(request);
            log.LogWarning("The answer to {Entry} of {Stream} could not be sent and will be given again: {Reason}", entry.Id, requests, away.Message);
        }
        finally
        {
            RpcTelemetry.UnderWay(service, -1);
            underWay.TryRemove(entry.Id, out _);
            handled.SetResult();
        }
    }

    private IDisposable? IdsOf(RedisRpcRequest? request) => request?.Ids is { } ids ? log.BeginScope(ids) : null;

    /// <summary>Null when there is nobody to answer.</summary>
    private async Task<byte[]?> Answer(StreamEntry entry, RedisRpcRequest? request)
    {
        if (request is null)
        {
            log.LogWarning("{Entry} of {Stream} is no request", entry.Id, requests);
            return null;
        }
        var left = request.Expires - clock.GetUtcNow();
        if (left <= TimeSpan.Zero)
        {
            using var ids = IdsOf(request);
            RpcTelemetry.CameLate(service);
            log.LogWarning("A request of {Caller} to {Service} is dropped: it came {Late} after its time", request.Caller, service, -left);
            return null;
        }

        using var expired = new CancellationTokenSource(left, clock);
        using var activity = RpcTelemetry.Serve(service, request);
        try
        {
            return await methods.Dispatch(request.Frame, request.ContextOf, expired.Token);
        }
        catch (OperationCanceledException) when (expired.IsCancellationRequested)
        {
            using var ids = IdsOf(request);
            log.LogWarning("A request of {Caller} to {Service} is given up: its time was over", request.Caller, service);
            return null;
        }
    }
}
