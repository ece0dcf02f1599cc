using System.Collections;

namespace EventRtc.JsonRpc;

/// <summary>What log lines that are written during a call carry: the id of the request, and what it is about once its parameters are read.</summary>
internal sealed class RpcCallIds(Guid request) : IEnumerable<KeyValuePair<string, object?>>
{
    public KeyValuePair<string, object?>? Subject { get; set; }

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        if (Subject is { } subject)
            yield return subject;
        yield return new("Command", request);
        yield return new("Correlation", request.ToString("N"));
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
