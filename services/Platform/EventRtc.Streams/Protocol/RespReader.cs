using System.Buffers.Text;
using System.Text;

namespace EventRtc.Streams.Protocol;

/// <summary>
/// Decodes RESP2 replies. Whatever is buffered is decoded without a wait; a reply that arrives in pieces goes on where it stopped,
/// because the place inside it is the state of the asynchronous calls. A large value is received straight into its own array.
/// </summary>
internal sealed class RespReader(Stream stream, TimeProvider time)
{
    private const int BufferSize = 16 * 1024;
    private const int LongestValue = 512 * 1024 * 1024;   // Redis' own limit, proto-max-bulk-len
    private const int LongestArray = 16 * 1024 * 1024;
    private const int DeepestArray = 32;

    private byte[] buffer = new byte[BufferSize];
    private int start;
    private int end;
    private long lastReceived = time.GetTimestamp();

    /// <summary>Timestamp of the last bytes, so that a slow reply is told from a dead server.</summary>
    public long LastReceived => Volatile.Read(ref lastReceived);

    /// <exception cref="EndOfStreamException">The server closed the connection.</exception>
    /// <exception cref="InvalidDataException">These are not replies of Redis.</exception>
    public async ValueTask<RedisResult> Read(int depth = 0)
    {
        int length;
        while ((length = buffer.AsSpan(start, end - start).IndexOf("\r\n"u8)) < 0)
            await Fill();

        var kind = (char)buffer[start];
        var line = buffer.AsMemory(start + 1, Math.Max(0, length - 1));
        start += length + 2;
        switch (kind)
        {
            case '+':
                return new(line.Span.SequenceEqual("OK"u8) ? "OK" : Encoding.UTF8.GetString(line.Span));
            case '-':
                return new(new RedisServerException(Encoding.UTF8.GetString(line.Span)));
            case ':':
                return new(Integer(line.Span));
            case '$':
                var size = Size(line.Span, LongestValue);
                return size < 0 ? default : new(await Value(size));
            case '*':
                var count = Size(line.Span, LongestArray);
                return count < 0 ? default : new(await Array(count, depth));
            default:
                throw new InvalidDataException($"Not a reply of Redis: it starts with byte {(byte)kind}");
        }
    }

    private async ValueTask<RedisResult[]> Array(int count, int depth)
    {
        if (depth == DeepestArray)
            throw new InvalidDataException($"A reply is nested deeper than {DeepestArray} arrays");
        var items = count == 0 ? [] : new RedisResult[count];
        for (var i = 0; i < count; i++)
            items[i] = await Read(depth + 1);
        return items;
    }

    private async ValueTask<byte[]> Value(int size)
    {
        var value = size == 0 ? [] : GC.AllocateUninitializedArray<byte>(size);
        var filled = 0;
        while (true)
        {
            var buffered = Math.Min(size - filled, end - start);
            buffer.AsSpan(start, buffered).CopyTo(value.AsSpan(filled));
            start += buffered;
            filled += buffered;
            if (filled == size)
                break;
            if (size - filled >= BufferSize)
                filled += await Receive(value.AsMemory(filled));
            else
                await Fill();
        }

        while (end - start < 2)
            await Fill();
        if (!buffer.AsSpan(start, 2).SequenceEqual("\r\n"u8))
            throw new InvalidDataException("A value is longer than announced");
        start += 2;
        return value;
    }

    private async ValueTask Fill()
    {
        if (start == end)
            start = end = 0;
        if (end == buffer.Length)
            MakeRoom();
        end += await Receive(buffer.AsMemory(end));
    }

    private void MakeRoom()
    {
        // Only one line can fill the buffer to its brim: lengths are short, values are taken out, an error's text may be long.
        if (start == 0)
            System.Array.Resize(ref buffer, buffer.Length < 64 * BufferSize ? buffer.Length * 2 : throw new InvalidDataException("A line without an end"));
        buffer.AsSpan(start, end - start).CopyTo(buffer);
        (start, end) = (0, end - start);
    }

    private async ValueTask<int> Receive(Memory<byte> target)
    {
        var received = await stream.ReadAsync(target);
        if (received == 0)
            throw new EndOfStreamException("The server closed the connection");
        Volatile.Write(ref lastReceived, time.GetTimestamp());
        return received;
    }

    private static int Size(ReadOnlySpan<byte> digits, int limit) => Integer(digits) is var size && size >= -1 && size <= limit
        ? (int)size
        : throw new InvalidDataException($"A reply announces {size} bytes or items; the limit is {limit}");

    private static long Integer(ReadOnlySpan<byte> digits) => Utf8Parser.TryParse(digits, out long number, out var used) && used == digits.Length
        ? number
        : throw new InvalidDataException($"Not a number: {Encoding.UTF8.GetString(digits)}");
}
