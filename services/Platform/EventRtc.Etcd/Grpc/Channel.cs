using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;

namespace EventRtc.Etcd.Grpc;

/// <summary>
/// gRPC calls over HTTP/2, without TLS for http endpoints. Failures leave here as the HTTP stack throws them; <see cref="Faults"/> knows what they mean.
/// </summary>
internal sealed class Channel : IDisposable
{
    private readonly HttpMessageInvoker http;

    public Channel(TimeSpan dialTimeout) => http = new(new SocketsHttpHandler
    {
        ConnectTimeout = dialTimeout,
        // A server that froze, or a network that swallows packets, is noticed after 13 s even by a watch that expects nothing.
        // etcd answers pings more frequent than every 5 s, or pings without a call under way, by closing the connection.
        KeepAlivePingDelay = TimeSpan.FromSeconds(10),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(3),
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        EnableMultipleHttp2Connections = true,
        // Large ranges arrive a third faster than with the default.
        InitialHttp2StreamWindowSize = 8 * 1024 * 1024,
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
    });

    /// <summary>One request, one reply.</summary>
    /// <param name="left">How long the server may take; the caller's token must end the call locally at the same time.</param>
    public async Task<TReply> Unary<TReply>(Uri endpoint, Method<TReply> method, IMessage request, string? token, TimeSpan left, CancellationToken ct)
        where TReply : class, IMessage<TReply>
    {
        using var message = Message(endpoint, method.Path, token, new ByteArrayContent(Frame.Of(request)));
        message.Headers.TryAddWithoutValidation("grpc-timeout", $"{Math.Max(1, (long)left.TotalMilliseconds)}m");
        using var response = await http.SendAsync(message, ct);
        if (Status.OfHeaders(response) is { } refused)
            throw refused.ToException(method.Changes);
        await using var body = await response.Content.ReadAsStreamAsync(ct);
        var reply = await Frame.Read(body, method.Replies, ct);
        // The trailers are there only once the end was read; etcd sends one reply to each of these calls.
        if (reply is not null && await Frame.Read(body, method.Replies, ct) is not null)
            throw new InvalidDataException($"More than one reply to {method.Path}.");
        var status = Status.OfTrailers(response);
        if (status.Code is not StatusCode.OK)
            throw status.ToException(method.Changes);
        return reply ?? throw new InvalidDataException($"No reply to {method.Path}.");
    }

    /// <summary>One request, then replies until either side ends it. Returns when the server has sent its first headers.</summary>
    /// <param name="ct">Ends the stream at any time, also after this returned.</param>
    public async Task<ServerStream<TReply>> Open<TReply>(Uri endpoint, Method<TReply> method, IMessage first, string? token, CancellationToken ct)
        where TReply : class, IMessage<TReply>
    {
        var message = Message(endpoint, method.Path, token, new OpenContent(Frame.Of(first)));
        // A member cut off from the others refuses instead of going silent.
        message.Headers.TryAddWithoutValidation("hasleader", "true");
        HttpResponseMessage? response = null;
        try
        {
            response = await http.SendAsync(message, ct);
            if (Status.OfHeaders(response) is { } refused)
                throw refused.ToException(method.Changes);
            return new(message, response, await response.Content.ReadAsStreamAsync(ct), method);
        }
        catch
        {
            response?.Dispose();
            message.Dispose();
            throw;
        }
    }

    public void Dispose() => http.Dispose();

    private static HttpRequestMessage Message(Uri endpoint, string path, string? token, HttpContent content)
    {
        content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        var message = new HttpRequestMessage(HttpMethod.Post, new Uri(endpoint, path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        message.Headers.TryAddWithoutValidation("te", "trailers");
        if (token is not null)
            message.Headers.TryAddWithoutValidation("authorization", token);
        return message;
    }
}
