namespace EventRtc.JsonRpc.Redis;

/// <summary>Streams and the fields of their entries.</summary>
internal static class RpcKeys
{
    /// <summary>The JSON-RPC object itself, in both directions.</summary>
    public const string Body = "rpc";

    /// <summary>The instance that asks, and so the stream its answer goes to.</summary>
    public const string Caller = "caller";

    /// <summary>Milliseconds after which nobody waits for the answer any more, counted from the entry's id.</summary>
    public const string TimeToLive = "ttl";

    /// <summary>The request's own name, the same whoever sends it again; absent for one that its caller alone repeats.</summary>
    public const string Name = "name";

    /// <summary>On whose behalf the caller asks; absent when on its own.</summary>
    public const string Actor = "actor";

    /// <summary>The errand that the request belongs to; absent when it belongs to none.</summary>
    public const string Correlation = "correlation";

    /// <summary>W3C trace context of the caller.</summary>
    public const string Trace = "traceparent";

    public static string Requests(string service) => $"rpc:{service}";

    public static string Replies(string instance) => $"rpc:reply:{instance}";
}
