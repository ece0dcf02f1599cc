using System.Buffers;
using System.Buffers.Text;

namespace EventRtc.Streams.Protocol;

/// <summary>Encodes commands: an array of bulk strings.</summary>
internal static class RespWriter
{
    private const int FrameSize = 16;   // '*' or '$', at most ten digits, CR LF, and the CR LF behind a value

    /// <summary>All or nothing: room is reserved before the first byte, so a failure leaves no half command between others' commands.</summary>
    public static void Write(ArrayBufferWriter<byte> output, ReadOnlySpan<RedisValue> command)
    {
        var size = FrameSize;
        foreach (var argument in command)
            size = checked(size + FrameSize + argument.ByteCount);

        var target = output.GetSpan(size);
        var at = Header(target, (byte)'*', command.Length);
        foreach (var argument in command)
        {
            at += Header(target[at..], (byte)'$', argument.ByteCount);
            at += argument.CopyTo(target[at..]);
            at += EndLine(target[at..]);
        }

        output.Advance(at);
    }

    private static int Header(Span<byte> target, byte kind, int count)
    {
        target[0] = kind;
        Utf8Formatter.TryFormat(count, target[1..], out var digits);
        return 1 + digits + EndLine(target[(1 + digits)..]);
    }

    private static int EndLine(Span<byte> target)
    {
        "\r\n"u8.CopyTo(target);
        return 2;
    }
}
