using System.Collections;
using System.Diagnostics;

namespace EventRtc.JsonRpc;

/// <summary>What log lines about a call carry: the id of the request, the errand it belongs to, and what it is about once its parameters are read.</summary>
internal sealed class RpcCallIds(RpcContext call) : IEnumerable<KeyValuePair<string, object?>>
{
    public KeyValuePair<string, object?>? Subject { get; set; }

    /// <summary>W3C trace context of the caller, for lines that are written where the call's own activity is not.</summary>
    public string? Trace { get; init; }

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        if (Subject is { } subject)
            yield return subject;
        yield return new("Command", call.RequestId);
        yield return new("Correlation", call.Correlation);
        if (ActivityContext.TryParse(Trace, traceState: null, out var caller))
            yield return new("Trace", caller.TraceId.ToHexString());
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
