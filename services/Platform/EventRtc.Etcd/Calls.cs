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
        return await EtcdTelemetry.Measured(method.Path, () => Attempt(method.Changes, limit, (endpoint, token) => channel.Unary(endpoint, method, request, token, limit.Left, limit.Token)));
    }

    /// <summary>Opens a stream and waits for its first reply, by which the server says that it is open.</summary>
    /// <param name="check">Throws what the first reply says when it is a refusal.</param>
    public async Task<OpenStream<TReply>> Open<TReply>(Method<TReply> method, IMessage request, Action<TReply> check, CancellationToken ct)
        where TReply : class, IMessage<TReply>
    {
        var limit = Limit(ct);
        try
        {
            return await Attempt(method.Changes, limit, async (endpoint, token) =>
            {
                var stream = await channel.Open(endpoint, method, request, token, limit.Token);
                try
                {
                    var first = await stream.Next(limit.Token);
                    check(first);
                    limit.Lift();
                    return new OpenStream<TReply>(stream, first, endpoint, Left, limit);
                }
                catch
                {
                    await stream.DisposeAsync();
                    throw;
                }
            });
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

    private async Task<T> Attempt<T>(bool changes, CallLimit limit, Func<Uri, string?, Task<T>> call)
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
                token = await login.Token(endpoint, limit.Token);
                sent = true;
                return await call(endpoint, token);
            }
            catch (Exception e) when (Faults.Are(e, limit))
            {
                var fault = Faults.Explain(e, endpoint, limit, changes && sent);
                if (token is not null && !loggedInAgain && Login.RefusesToken(fault))
                {
                    login.Forget(token);
                    loggedInAgain = true;
                    continue;
                }
                Left(endpoint, fault);
                if (fault.StatusCode is StatusCode.Unavailable && !fault.MayHaveExecuted && !limit.Token.IsCancellationRequested && --members > 0)
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
        if (fault.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded && endpoints.Leave(endpoint))
            log.LogWarning("etcd at {Endpoint} failed ({Reason}), going on with {Next}", endpoint.Authority, fault.Message, endpoints.Current.Authority);
    }

    private async Task<string> Authenticate(Uri endpoint)
    {
        using var limit = Limit(CancellationToken.None);
        // Without a token: etcd refuses to hand out a new one to a call that carries an old one.
        var request = new AuthenticateRequest { Name = options.Username, Password = options.Password ?? "" };
        return (await channel.Unary(endpoint, Methods.Authenticate, request, token: null, limit.Left, limit.Token)).Token;
    }

    private CallLimit Limit(CancellationToken ct)
    {
        ObjectDisposedException.ThrowIf(lifetime.IsCancellationRequested, typeof(EtcdClient));
        return new(options.CallTimeout, lifetime.Token, ct);
    }
}
