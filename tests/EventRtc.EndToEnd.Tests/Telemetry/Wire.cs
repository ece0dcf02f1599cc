using System.Buffers.Binary;

namespace EventRtc.EndToEnd.Tests.Telemetry;

/// <summary>Reads the fields of one Protocol Buffers message, as many as OTLP's traces need.</summary>
internal static class Wire
{
    private const int Varint = 0, Fixed64 = 1, Delimited = 2, Fixed32 = 5;

    /// <summary>Each field with its bytes; a number comes as eight of them.</summary>
    public static IEnumerable<(int Field, ReadOnlyMemory<byte> Value)> Fields(ReadOnlyMemory<byte> message)
    {
        for (var at = 0; at < message.Length;)
        {
            var tag = (int)Number(message, ref at);
            var length = (tag & 7) switch
            {
                Varint => 0,
                Fixed64 => 8,
                Fixed32 => 4,
                Delimited => (int)Number(message, ref at),
                var type => throw new FormatException($"No wire type {type}"),
            };
            if ((tag & 7) == Varint)
            {
                var number = new byte[8];
                BinaryPrimitives.WriteUInt64LittleEndian(number, Number(message, ref at));
                yield return (tag >> 3, number);
                continue;
            }
            yield return (tag >> 3, message.Slice(at, length));
            at += length;
        }
    }

    private static ulong Number(ReadOnlyMemory<byte> message, ref int at)
    {
        var number = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = message.Span[at++];
            number |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return number;
        }
    }
}
