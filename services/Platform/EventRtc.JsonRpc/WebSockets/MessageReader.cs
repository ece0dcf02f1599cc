using System.Buffers;
using System.Net.WebSockets;

namespace EventRtc.JsonRpc.WebSockets;

/// <summary>Puts the frames of a WebSocket together to messages of a bounded size.</summary>
internal sealed class MessageReader(WebSocket socket, int maxBytes) : IDisposable
{
    private byte[] buffer = ArrayPool<byte>.Shared.Rent(4096);

    public enum Kind { Message, TooLong, Closed }

    /// <summary>The message read last, until the next is read.</summary>
    public ReadOnlySpan<byte> Message => buffer.AsSpan(0, length);

    private int length;

    public async Task<Kind> Read()
    {
        length = 0;
        while (true)
        {
            if (length == buffer.Length)
                Grow();
            var read = await socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
            if (read.MessageType is WebSocketMessageType.Close)
                return Kind.Closed;
            length += read.Count;
            if (length > maxBytes)
                return Kind.TooLong;
            if (read.EndOfMessage)
                return Kind.Message;
        }
    }

    /// <summary>Reads and drops whatever still comes, so that the other side gets round to reading our close.</summary>
    public async Task Drain()
    {
        while (socket.CloseStatus is null)
            await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(buffer);

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }
}
