namespace EventRtc.JsonRpc;

/// <summary>The errors this library itself answers; the first five messages are the specification's.</summary>
internal static class RpcFaults
{
    public static RpcException ParseError() => new(RpcErrors.ParseError, "Parse error", new RpcErrorData("parse_error", false));

    public static RpcException InvalidRequest(string detail) =>
        new(RpcErrors.InvalidRequest, "Invalid Request", new RpcErrorData("invalid_request", false, Detail: detail));

    public static RpcException MethodNotFound() => new(RpcErrors.MethodNotFound, "Method not found", new RpcErrorData("method_not_found", false));

    public static RpcException InvalidParams(string? detail) =>
        new(RpcErrors.InvalidParams, "Invalid params", new RpcErrorData("invalid_params", false, Detail: detail));

    public static RpcException InternalError() => new(RpcErrors.InternalError, "Internal error", new RpcErrorData("internal_error", false));

    public static RpcException Unavailable() => new(RpcErrors.Unavailable, "A part of the system is away", new RpcErrorData("unavailable", true));

    public static RpcException Cancelled() => new(RpcErrors.Cancelled, "Request cancelled", new RpcErrorData("cancelled", true));

    public static RpcException TooMany(TimeSpan after) => new(RpcErrors.TooMany, "Too many requests at once", new RpcErrorData("too_many_requests", true, (int)after.TotalMilliseconds));
}
