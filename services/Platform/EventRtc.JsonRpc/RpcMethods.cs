using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace EventRtc.JsonRpc;

/// <summary>
/// The methods a peer serves, and the one place where a call becomes an answer, whatever transport it came over.
/// Register all before the first call; calls run concurrently.
/// </summary>
public sealed class RpcMethods(ILogger<RpcMethods> log, JsonSerializerOptions? options = null)
{
    private readonly Dictionary<string, Func<RpcMessage.Call, RpcContext, CancellationToken, Task<byte[]?>>> handlers = new(StringComparer.Ordinal);

    private readonly List<Type> transient = [typeof(TimeoutException)];

    private Func<object, KeyValuePair<string, object?>?> subjectOf = _ => null;

    /// <summary>How parameters and results are read and written.</summary>
    public JsonSerializerOptions Json { get; } = options ?? RpcJson.Options;

    /// <summary>Serves <paramref name="method"/>.</summary>
    /// <typeparam name="TParams">A record for named parameters (positions follow its constructor), or a collection for a list of any length.</typeparam>
    /// <param name="method">Case-sensitive; names that begin with <c>rpc.</c> are the specification's own.</param>
    /// <param name="handler">An <see cref="RpcException"/> becomes the answer; any other exception is logged and answered -32603, or -32050 when it passes, without its text.</param>
    public RpcMethods On<TParams, TResult>(string method, Func<TParams, RpcContext, CancellationToken, Task<TResult>> handler)
    {
        if (method.StartsWith("rpc.", StringComparison.Ordinal))
            throw new ArgumentException("Names that begin with rpc. are reserved.", nameof(method));
        var parameters = new RpcParams<TParams>(Json);
        handlers.Add(method, async (call, context, ct) =>
        {
            var bound = parameters.Bind(call.Params);
            if (bound is not null)
                context.Ids?.Subject = subjectOf(bound);
            var result = await handler(bound, context, ct);
            return call.Id is { } id ? RpcEncoder.Result(id, result, Json) : null;
        });
        return this;
    }

    /// <summary>Exceptions that pass by themselves (a time-out is one anyway): answered -32050 and retryable, and logged in one line.</summary>
    public RpcMethods TreatAsTransient(IEnumerable<Type> exceptions)
    {
        transient.AddRange(exceptions);
        return this;
    }

    /// <summary>Log lines written during a call name what it is about.</summary>
    /// <param name="subject">Told of the parameters: <c>Room</c> and its id. Null when they are about nothing that has an id.</param>
    public RpcMethods NameInLogs(Func<object, KeyValuePair<string, object?>?> subject)
    {
        subjectOf = subject;
        return this;
    }

    /// <summary>Serves a method whose result is null.</summary>
    public RpcMethods On<TParams>(string method, Func<TParams, RpcContext, CancellationToken, Task> handler) =>
        On<TParams, object?>(method, async (parameters, context, ct) =>
        {
            await handler(parameters, context, ct);
            return null;
        });

    /// <summary>Answers one frame: a request, a notification or a batch of them. Null when there is nothing to answer.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> ended a handler.</exception>
    public Task<byte[]?> Dispatch(ReadOnlySpan<byte> utf8, RpcContext context, CancellationToken ct = default) =>
        Dispatch(RpcFrame.Parse(utf8), _ => context, ct);

    internal Task<byte[]?> Dispatch(RpcFrame frame, Func<RpcMessage.Call, RpcContext> contextOf, CancellationToken ct) =>
        Answer(frame, message => message switch
        {
            RpcMessage.Call call => InvokeLogged(call, contextOf(call), ct),
            RpcMessage.Invalid invalid => Task.FromResult<byte[]?>(RpcEncoder.Error(invalid.Id, invalid.Why)),
            _ => Task.FromResult<byte[]?>(RpcEncoder.Error(RpcId.Null, RpcFaults.InvalidRequest("An answer to nothing asked."))),
        });

    /// <summary>Starts every message of a frame in its order, and gathers what there is to answer.</summary>
    internal static async Task<byte[]?> Answer(RpcFrame frame, Func<RpcMessage, Task<byte[]?>> take)
    {
        if (!frame.Batch)
            return await take(frame.Messages[0]);
        var answers = (await Task.WhenAll(frame.Messages.Select(take))).OfType<byte[]>().ToList();
        return answers.Count > 0 ? RpcEncoder.Batch(answers) : null;
    }

    /// <summary>Calls, with the call's ids on every line that is logged meanwhile.</summary>
    internal async Task<byte[]?> InvokeLogged(RpcMessage.Call call, RpcContext context, CancellationToken ct)
    {
        var ids = new RpcCallIds(context);
        using var scope = log.BeginScope(ids);
        var answer = await Invoke(call, context with { Ids = ids }, ct);
        if (log.IsEnabled(LogLevel.Debug))
            log.LogDebug("{Method} called by {Caller} is answered", call.Method, context.Caller);
        return answer;
    }

    private async Task<byte[]?> Invoke(RpcMessage.Call call, RpcContext context, CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        if (!handlers.TryGetValue(call.Method, out var handler))
        {
            RpcTelemetry.Handled("unknown", "unknown_method", started); // whatever the caller wrote is no label
            return Refuse(call, RpcFaults.MethodNotFound());
        }
        using var span = context.Peer is null ? null : RpcTelemetry.Begin(call.Method);
        var outcome = "ok";
        try
        {
            return await handler(call, context, ct);
        }
        catch (RpcException refusal)
        {
            outcome = "refused";
            RpcTelemetry.Refused(call.Method, refusal.Reason);
            return Refuse(call, refusal);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            outcome = "cancelled";
            throw;
        }
        catch (Exception passing) when (transient.Exists(type => type.IsInstanceOfType(passing)))
        {
            outcome = "unavailable";
            log.LogWarning("{Method} called by {Caller} could not be done now: {Reason}", call.Method, context.Caller, passing.Message);
            return Refuse(call, RpcFaults.Unavailable());
        }
        catch (Exception fault)
        {
            outcome = "failed";
            Activity.Current?.SetStatus(ActivityStatusCode.Error, fault.GetType().Name);
            log.LogError(fault, "{Method} called by {Caller} failed", call.Method, context.Caller);
            return Refuse(call, RpcFaults.InternalError());
        }
        finally
        {
            RpcTelemetry.Handled(call.Method, outcome, started);
        }
    }

    private static byte[]? Refuse(RpcMessage.Call call, RpcException why) => call.Id is { } id ? RpcEncoder.Error(id, why) : null;
}
