using System.Buffers;
using System.Buffers.Binary;
using Google.Protobuf;

namespace EventRtc.Etcd.Grpc;

/// <summary>gRPC's framing: one byte "compressed", four bytes length (big endian), the message.</summary>
internal static class Frame
{
    private const int HeaderBytes = 5;

    /// <summary>Larger than any reply etcd can be asked for here (pages of 40,000 keys), so a larger length means that the stream is broken.</summary>
    private const uint LargestMessageBytes = 512 * 1024 * 1024;

    public static byte[] Of(IMessage message)
    {
        var size = message.CalculateSize();
        var frame = new byte[HeaderBytes + size];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), size);
        message.WriteTo(frame.AsSpan(HeaderBytes));
        return frame;
    }

    /// <summary>The next message, or null at the end of the stream (then its trailers hold the status).</summary>
    /// <exception cref="InvalidDataException">The stream is not what gRPC allows.</exception>
    /// <exception cref="EndOfStreamException">It broke off inside a message.</exception>
    public static async ValueTask<TMessage?> Read<TMessage>(Stream stream, MessageParser<TMessage> parser, CancellationToken ct) where TMessage : class, IMessage<TMessage>
    {
        var header = new byte[HeaderBytes];
        switch (await stream.ReadAtLeastAsync(header, HeaderBytes, throwOnEndOfStream: false, ct))
        {
            case 0: return null;
            case < HeaderBytes: throw new EndOfStreamException("The reply broke off inside a frame's header.");
        }
        if (header[0] != 0)
            throw new InvalidDataException("The reply is compressed, which was not offered.");
        var size = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(1));
        if (size > LargestMessageBytes)
            throw new InvalidDataException($"The reply announces a message of {size} bytes.");

        // The parser copies what it keeps, so the buffer can go back at once.
        var buffer = ArrayPool<byte>.Shared.Rent((int)size);
        try
        {
            await stream.ReadExactlyAsync(buffer.AsMemory(0, (int)size), ct);
            return parser.ParseFrom(buffer, 0, (int)size);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
