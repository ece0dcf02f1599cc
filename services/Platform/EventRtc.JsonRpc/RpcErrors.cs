namespace EventRtc.JsonRpc;

/// <summary>Error codes: those of the JSON-RPC 2.0 specification, and ours, named after the HTTP status they resemble.</summary>
public static class RpcErrors
{
    /// <summary>The frame is not JSON.</summary>
    public const int ParseError = -32700;

    /// <summary>JSON, but not a request.</summary>
    public const int InvalidRequest = -32600;

    public const int MethodNotFound = -32601;

    /// <summary>The parameters do not fit the method.</summary>
    public const int InvalidParams = -32602;

    /// <summary>A fault of ours; the log has the reason, the answer never does.</summary>
    public const int InternalError = -32603;

    /// <summary>The caller took the request back before it was done; the number is the Language Server Protocol's.</summary>
    public const int Cancelled = -32800;

    public const int Unauthorized = -32001;
    public const int NotFound = -32004;
    public const int Conflict = -32009;

    /// <summary>More requests than this peer takes at once; try again when some are answered.</summary>
    public const int TooMany = -32029;

    /// <summary>Cannot be done now and will be possible again.</summary>
    public const int Unavailable = -32050;
}
