using EventRtc.Etcd.Grpc;
using EventRtc.Etcd.Wire;
using Google.Protobuf;
using Microsoft.Extensions.Logging;

namespace EventRtc.Etcd;

/// <summary>Makes a call under its deadline, logged in, on the member in use; when that one fails and nothing can have been changed, on the next.</summary>
internal sealed class Calls : IDisposable
{
    private readonly EtcdOptions options;
    private readonly ILogger log;
    private readonly Endpoints endpoints;
    private readonly Channel channel;
    private readonly Login login;
    private readonly CancellationTokenSource lifetime = new();

    public Calls(EtcdOptions options, ILogger log)
    {
        this.options = options;
        this.log = log;
        endpoints = new(options.Endpoints);
        channel = new(options.DialTimeout);
        login = new(!string.IsNullOrEmpty(options.Username), Authenticate);
    }

    public async Task<TReply> Unary<TReply>(Method<TReply> method, IMessage request, CancellationToken ct) where TReply : class, IMessage<TReply>
    {
        using var limit = Limit(ct);
        var started = TimeProvider.System.GetTimestamp();
        return await Attempt(
            method.Changes,
            (endpoint, token) => channel.Unary(endpoint, method, request, token, options.CallTimeout - TimeProvider.System.GetElapsedTime(started), limit.Token),
            limit.Token,
            ct);
    }

    /// <summary>Opens a stream and hands over its first reply, by which the server says that it is open.</summary>
    public async Task<OpenStream<TReply>> Open<TReply>(Method<TReply> method, IMessage request, Action<TReply> check, CancellationToken ct)
        where TReply : class, IMessage<TReply>
    {
        var limit = Limit(ct);
        try
        {
            return await Attempt(
                method.Changes,
                async (endpoint, token) =>
                {
                    var stream = await channel.Open(endpoint, method, request, token, limit.Token);
                    try
                    {
                        var first = await stream.Next(limit.Token);
                        check(first);
                        limit.CancelAfter(Timeout.InfiniteTimeSpan);
                        return new OpenStream<TReply>(stream, first, endpoint, Left, limit);
                    }
                    catch
                    {
                        await stream.DisposeAsync();
                        throw;
                    }
                },
                limit.Token,
                ct);
        }
        catch
        {
            limit.Dispose();
            throw;
        }
    }

    /// <summary>Ends every call and stream under way.</summary>
    public void Dispose()
    {
        if (lifetime.IsCancellationRequested)
            return;
        lifetime.Cancel();
        channel.Dispose();
        lifetime.Dispose();
    }

    private async Task<T> Attempt<T>(bool changes, Func<Uri, string?, Task<T>> call, CancellationToken limit, CancellationToken caller)
    {
        var members = endpoints.Count;
        var loggedInAgain = false;
        while (true)
        {
            var endpoint = endpoints.Current;
            string? token = null;
            var sent = false;
            try
            {
                token = await login.Token(endpoint, limit);
                sent = true;
                return await call(endpoint, token);
            }
            catch (Exception e) when (Faults.Are(e, caller))
            {
                var fault = e as EtcdException ?? Faults.Explain(e, endpoint, changes && sent);
                if (token is not null && !loggedInAgain && Login.RefusesToken(fault))
                {
                    login.Forget(token);
                    loggedInAgain = true;
                    continue;
                }
                Left(endpoint, fault);
                if (fault.StatusCode is StatusCode.Unavailable && !fault.MayHaveExecuted && !limit.IsCancellationRequested && --members > 0)
                    continue;
                if (fault == e)
                    throw;
                throw fault;
            }
        }
    }

    /// <summary>After a failure that may be the member's own, the next call goes to another.</summary>
    private void Left(Uri endpoint, EtcdException fault)
    {
        if (fault.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded && !lifetime.IsCancellationRequested && endpoints.Leave(endpoint))
            log.LogWarning("etcd at {Endpoint} failed ({Reason}), going on with {Next}", endpoint.Authority, fault.Message, endpoints.Current.Authority);
    }

    private async Task<string> Authenticate(Uri endpoint)
    {
        using var limit = Limit(CancellationToken.None);
        // Without a token: etcd refuses to hand out a new one to a call that carries an old one.
        var request = new AuthenticateRequest { Name = options.Username, Password = options.Password ?? "" };
        return (await channel.Unary(endpoint, Methods.Authenticate, request, token: null, options.CallTimeout, limit.Token)).Token;
    }

    private CancellationTokenSource Limit(CancellationToken ct)
    {
        ObjectDisposedException.ThrowIf(lifetime.IsCancellationRequested, typeof(EtcdClient));
        var limit = CancellationTokenSource.CreateLinkedTokenSource(ct, lifetime.Token);
        limit.CancelAfter(options.CallTimeout);
        return limit;
    }
}
