using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace EventRtc.Etcd.Grpc;

/// <summary>How a call ended, as the server says.</summary>
internal readonly record struct Status(StatusCode Code, string Message)
{
    /// <summary>What the headers tell before any message: null while all is well. A call without any reply has its status here and no trailers ("trailers-only").</summary>
    public static Status? OfHeaders(HttpResponseMessage response) => response.StatusCode switch
    {
        HttpStatusCode.OK => Find(response.Headers) is { Code: not StatusCode.OK } refused ? refused : null,
        HttpStatusCode.Unauthorized => NoGrpc(StatusCode.Unauthenticated, response),
        HttpStatusCode.Forbidden => NoGrpc(StatusCode.PermissionDenied, response),
        HttpStatusCode.NotFound => NoGrpc(StatusCode.Unimplemented, response),
        HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout =>
            NoGrpc(StatusCode.Unavailable, response),
        _ => NoGrpc(StatusCode.Unknown, response),
    };

    /// <summary>What the trailers tell after the last message was read.</summary>
    public static Status OfTrailers(HttpResponseMessage response) =>
        Find(response.TrailingHeaders) ?? Find(response.Headers) ?? new(StatusCode.Unknown, "The server ended the call without a status.");

    /// <summary>True when an answer with this status says for certain that nothing was changed.</summary>
    public bool IsRefusal => Code is StatusCode.InvalidArgument or StatusCode.NotFound or StatusCode.AlreadyExists or StatusCode.PermissionDenied
        or StatusCode.ResourceExhausted or StatusCode.FailedPrecondition or StatusCode.OutOfRange or StatusCode.Unimplemented or StatusCode.Unauthenticated;

    public EtcdException ToException(bool changes) => Code switch
    {
        StatusCode.OutOfRange when Message.Contains("compacted", StringComparison.Ordinal) => new EtcdCompactedException(Message),
        _ => new EtcdException(Code, Message, changes && !IsRefusal),
    };

    private static Status? Find(HttpHeaders headers)
    {
        if (!headers.TryGetValues("grpc-status", out var codes))
            return null;
        var code = int.TryParse(codes.First(), CultureInfo.InvariantCulture, out var number) && Enum.IsDefined((StatusCode)number) ? (StatusCode)number : StatusCode.Unknown;
        var message = headers.TryGetValues("grpc-message", out var texts) ? Uri.UnescapeDataString(texts.First()) : code.ToString();
        return new(code, message);
    }

    private static Status NoGrpc(StatusCode code, HttpResponseMessage response) => new(code, $"HTTP status {(int)response.StatusCode} instead of a gRPC answer.");
}
