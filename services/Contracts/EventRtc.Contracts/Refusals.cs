using EventRtc.Domain;
using EventRtc.Hosting;
using EventRtc.JsonRpc;
using Microsoft.AspNetCore.Http;

namespace EventRtc.Contracts;

/// <summary>The one table that says how a refusal looks on each transport.</summary>
public static class Refusals
{
    private static readonly (RejectionKind Kind, int Http, int Rpc)[] Table =
    [
        (RejectionKind.Invalid, StatusCodes.Status400BadRequest, RpcErrors.InvalidParams),
        (RejectionKind.NotFound, StatusCodes.Status404NotFound, RpcErrors.NotFound),
        (RejectionKind.Conflict, StatusCodes.Status409Conflict, RpcErrors.Conflict),
        (RejectionKind.Unavailable, StatusCodes.Status503ServiceUnavailable, RpcErrors.Unavailable),
    ];

    public static int ToHttpStatus(this RejectionKind kind) => Row(kind).Http;

    /// <summary>The refused HTTP call's answer.</summary>
    public static IResult ToHttp(this Rejection why) => ApiErrors.Answer(why.Kind.ToHttpStatus(), new ApiError(why.Message, why.Code, why.Retryable));

    public static int ToRpcCode(this RejectionKind kind) => Row(kind).Rpc;

    /// <summary>The refused JSON-RPC call's answer, to be thrown by its handler.</summary>
    public static RpcException ToRpc(this Rejection why) => new(why.Kind.ToRpcCode(), why.Message, new RpcErrorData(why.Code, why.Retryable));

    /// <summary>The refusal that another service answered with; null when the error tells of a fault instead.</summary>
    public static Rejection? ToRejection(this RpcException error) =>
        error.Reason is { } code && Array.FindIndex(Table, row => row.Rpc == error.Code) is >= 0 and var at
            ? new Rejection(Table[at].Kind, code, error.Message, error.Retryable)
            : null;

    private static (RejectionKind Kind, int Http, int Rpc) Row(RejectionKind kind) => Array.Find(Table, row => row.Kind == kind);
}
