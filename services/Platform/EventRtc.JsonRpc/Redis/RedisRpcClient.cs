using System.Diagnostics;
using System.Text.Json;
using EventRtc.Streams;
using Microsoft.Extensions.Logging;

namespace EventRtc.JsonRpc.Redis;

/// <summary>
/// Asks services over Redis Streams: requests go to <c>rpc:{service}</c>, answers come back through <c>rpc:reply:{instance}</c>, read by <see cref="Run"/>.
/// A request may be executed more than once (at least once is the promise), so handlers are idempotent.
/// </summary>
/// <param name="instance">Names this process, and must differ from every other's.</param>
public sealed class RedisRpcClient(
    RedisClient redis, string instance, RedisRpcClientOptions options, ILogger<RedisRpcClient> log, TimeProvider clock, JsonSerializerOptions? json = null)
{
    private static readonly TimeSpan Block = TimeSpan.FromSeconds(5);

    private readonly JsonSerializerOptions json = json ?? RpcJson.Options;
    private readonly string replies = RpcKeys.Replies(instance);
    private readonly PendingRequests pending = new(clock);
    private string lastRead = StreamPosition.Beginning;

    /// <summary>Reads answers until cancelled. Requests may be made before and meanwhile.</summary>
    /// <exception cref="RedisException">Redis is away: run it again, nothing is lost.</exception>
    public async Task Run(CancellationToken ct)
    {
        while (true)
        {
            foreach (var stream in await redis.StreamReadAsync([new StreamPosition(replies, lastRead)], block: Block, ct: ct))
            {
                foreach (var entry in stream.Entries)
                {
                    lastRead = entry.Id;
                    Take(entry);
                }
            }
        }
    }

    /// <summary>Asks a service; any of its instances answers.</summary>
    /// <param name="timeout">Until the answer; the default is <see cref="RedisRpcClientOptions.Timeout"/>.</param>
    /// <param name="name">The handler's <see cref="RpcContext.RequestId"/>: the same for a request that is repeated later or by another process. Null: each call is a request of its own.</param>
    /// <param name="actor">The handler's <see cref="RpcContext.Actor"/>.</param>
    /// <param name="correlation">The handler's <see cref="RpcContext.Correlation"/>.</param>
    /// <exception cref="RpcException">It answered with an error.</exception>
    /// <exception cref="TimeoutException">It did not answer in time; the request may have been executed.</exception>
    /// <exception cref="RedisException">Redis is away; unless the exception says otherwise, the request was not sent.</exception>
    public async Task<TResult> Request<TResult>(
        string service, string method, object? parameters, TimeSpan? timeout = null, Guid? name = null, string? actor = null, string? correlation = null, CancellationToken ct = default)
    {
        using var span = RpcTelemetry.Ask(service, method);
        var id = RpcId.Of(Guid.CreateVersion7(clock.GetUtcNow()));
        var patience = timeout ?? options.Timeout;
        NameValueEntry[] entry =
        [
            new(RpcKeys.Body, RpcEncoder.Request(id, method, parameters, json)),
            new(RpcKeys.Caller, instance),
            new(RpcKeys.TimeToLive, (long)patience.TotalMilliseconds),
            .. name is { } given ? [new(RpcKeys.Name, given.ToString())] : (NameValueEntry[])[],
            .. actor is not null ? [new(RpcKeys.Actor, actor)] : (NameValueEntry[])[],
            .. correlation is not null ? [new(RpcKeys.Correlation, correlation)] : (NameValueEntry[])[],
            .. Activity.Current?.Id is { } trace ? [new(RpcKeys.Trace, trace)] : (NameValueEntry[])[],
        ];
        return await RpcTelemetry.Ask(service, method, pending.Ask<TResult>(id, givenUp => Send(RpcKeys.Requests(service), entry, patience, givenUp), patience, json, ct));
    }

    /// <summary>
    /// A connection that broke under the request says nothing about whether it arrived: it is sent again, under the same id, so that the handler can tell.
    /// </summary>
    private async Task Send(string stream, NameValueEntry[] entry, TimeSpan patience, CancellationToken givenUp)
    {
        while (true)
        {
            try
            {
                await redis.StreamAddAsync(stream, entry, minId: OldestKept(patience), ct: givenUp);
                return;
            }
            catch (RedisConnectionException broken) when (broken.MayHaveExecuted)
            {
                log.LogDebug("A request to {Stream} is sent again: {Reason}", stream, broken.Message);
            }
        }
    }

    /// <summary>While no instance of the service runs there is nobody else to forget what nobody waits for any more.</summary>
    private string OldestKept(TimeSpan patience) => $"{(clock.GetUtcNow() - (patience > options.KeepFor ? patience : options.KeepFor)).ToUnixTimeMilliseconds()}-0";

    private void Take(StreamEntry entry)
    {
        ReadOnlyMemory<byte> body = entry[RpcKeys.Body];
        var answered = RpcFrame.Parse(body.Span).Messages is [RpcMessage.Answer answer] && pending.Complete(answer);
        if (!answered)
            log.LogDebug("Answer {Entry} came late or twice", entry.Id);
    }
}
