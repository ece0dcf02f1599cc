using Google.Protobuf;

namespace EventRtc.Etcd.Grpc;

/// <summary>The replies to one streaming call, read by one reader. Disposing ends the call on the server too.</summary>
internal sealed class ServerStream<TReply>(HttpRequestMessage request, HttpResponseMessage response, Stream body, Method<TReply> method) : IAsyncDisposable
    where TReply : class, IMessage<TReply>
{
    /// <exception cref="EtcdException">The server ended the stream; a stream never ends well, since only we want it to end.</exception>
    public async ValueTask<TReply> Next(CancellationToken ct)
    {
        if (await Frame.Read(body, method.Replies, ct) is { } reply)
            return reply;
        var status = Status.OfTrailers(response);
        throw (status.Code is StatusCode.OK ? status with { Code = StatusCode.Unavailable, Message = "The server ended the stream." } : status).ToException(method.Changes);
    }

    public async ValueTask DisposeAsync()
    {
        await body.DisposeAsync();
        response.Dispose();
        request.Dispose();
    }
}
