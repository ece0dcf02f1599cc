using System.Net;

namespace EventRtc.Etcd.Grpc;

/// <summary>
/// The request side of a stream: writes one message and stays open until the call ends. The message goes out and is flushed from here, because the
/// server sends no headers, and so <c>SendAsync</c> does not return, before it has read it.
/// </summary>
internal sealed class OpenContent(byte[] frame) : HttpContent
{
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(frame, cancellationToken);
        await stream.FlushAsync(cancellationToken);
        // Ends with the token only, which fires when the response is disposed; otherwise the stream would stay open on the server.
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
