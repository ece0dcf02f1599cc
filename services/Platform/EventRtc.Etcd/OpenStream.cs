using EventRtc.Etcd.Grpc;
using Google.Protobuf;

namespace EventRtc.Etcd;

/// <summary>A stream that the server has confirmed by its first reply.</summary>
internal sealed class OpenStream<TReply>(ServerStream<TReply> stream, TReply first, Uri endpoint, Action<Uri, EtcdException> left, CallLimit limit) : IAsyncDisposable
    where TReply : class, IMessage<TReply>
{
    public TReply First => first;

    /// <exception cref="EtcdException">The stream broke; the next call goes to another member, if there is one.</exception>
    public async ValueTask<TReply> Next()
    {
        try
        {
            return await stream.Next(limit.Token);
        }
        catch (Exception e) when (Faults.Are(e, limit))
        {
            var fault = Faults.Explain(e, endpoint, limit, mayHaveExecuted: false);
            left(endpoint, fault);
            if (fault == e)
                throw;
            throw fault;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stream.DisposeAsync();
        limit.Dispose();
    }
}
