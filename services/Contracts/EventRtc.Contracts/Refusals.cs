using System.Diagnostics;
using EventRtc.Domain;
using EventRtc.Hosting;
using EventRtc.JsonRpc;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace EventRtc.Contracts;

/// <summary>The one table from refusals to what callers see: HTTP status, JSON-RPC code.</summary>
public static class Refusals
{
    public static IResult ToHttp(Rejection why) => ApiErrors.Answer(Map(why.Kind).Http, new ApiError(why.Message, why.Code, why.Retryable));

    public static RpcException ToRpc(Rejection why) => new(Map(why.Kind).Rpc, why.Message, new RpcErrorData(why.Code, why.Retryable));

    /// <summary>A refusal that another service answered, back as the value it was; null when the call failed in another way.</summary>
    public static Rejection? Of(RpcException refused) => refused.Reason is { } code && KindOf(refused.Code) is { } kind
        ? new Rejection(kind, code, refused.Message, refused.Retryable)
        : null;

    /// <summary>Says in the service's document how the route refuses, besides what it says already.</summary>
    public static TRoute Refuses<TRoute>(this TRoute route, params Rejection[] whys) where TRoute : IEndpointConventionBuilder
    {
        foreach (var why in whys)
            route.Refuses(Map(why.Kind).Http, why.Code);
        return route;
    }

    private static (int Http, int Rpc) Map(RejectionKind kind) => kind switch
    {
        RejectionKind.Invalid => (StatusCodes.Status400BadRequest, RpcErrors.InvalidParams),
        RejectionKind.Forbidden => (StatusCodes.Status403Forbidden, RpcErrors.Unauthorized),
        RejectionKind.Unauthorized => (StatusCodes.Status401Unauthorized, RpcErrors.Unauthorized),
        RejectionKind.NotFound => (StatusCodes.Status404NotFound, RpcErrors.NotFound),
        RejectionKind.Conflict => (StatusCodes.Status409Conflict, RpcErrors.Conflict),
        RejectionKind.Unavailable => (StatusCodes.Status503ServiceUnavailable, RpcErrors.Unavailable),
        _ => throw new UnreachableException($"No answer for {kind}"),
    };

    /// <summary>JSON-RPC has one code for both who is unknown and who may not. Between services it can only mean the latter: none asks another for a token.</summary>
    private static RejectionKind? KindOf(int rpcCode) =>
        Enum.GetValues<RejectionKind>().Where(kind => Map(kind).Rpc == rpcCode).Select(kind => (RejectionKind?)kind).FirstOrDefault();
}
