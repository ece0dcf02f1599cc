using System.Buffers;
using System.Net.WebSockets;

namespace EventRtc.JsonRpc.WebSockets;

/// <summary>Puts the frames of a WebSocket together to messages of a bounded size.</summary>
public sealed class MessageReader(WebSocket socket, int maxBytes) : IDisposable
{
    private byte[] buffer = ArrayPool<byte>.Shared.Rent(4096);
    private int length;

    /// <summary>What was read.</summary>
    public enum Kind { Message, TooLong, Closed }

    /// <summary>The message read last, until the next is read.</summary>
    public ReadOnlySpan<byte> Message => buffer.AsSpan(0, length);

    /// <summary>Reads one message to its end; of one that is too long nothing is kept.</summary>
    public async Task<Kind> Read()
    {
        length = 0;
        var tooLong = false;
        while (true)
        {
            if (length == buffer.Length)
                Grow();
            var read = await socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
            if (read.MessageType is WebSocketMessageType.Close)
                return Kind.Closed;
            length += read.Count;
            tooLong |= length > maxBytes;
            if (tooLong)
                length = 0;
            if (read.EndOfMessage)
                return tooLong ? Kind.TooLong : Kind.Message;
        }
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
