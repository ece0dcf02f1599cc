using System.Buffers.Text;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace EventRtc.Streams;

/// <summary>One argument or value: text (UTF-8), bytes, a whole number, or null. 16 bytes, converts by itself where no information is lost.</summary>
public readonly struct RedisValue : IEquatable<RedisValue>
{
    private const int LongestNumber = 20;
    private static readonly object Number = new();

    private readonly object? source;   // null, a string, a byte[] or Number
    private readonly long bits;        // of a byte[]: offset in the upper half, length in the lower; of Number: the number

    private RedisValue(object? source, long bits) => (this.source, this.bits) = (source, bits);

    public static RedisValue Null => default;

    public bool IsNull => source is null;

    public static implicit operator RedisValue(string? text) => new(text, 0);
    public static implicit operator RedisValue(byte[]? bytes) => new(bytes, bytes?.Length ?? 0);
    public static implicit operator RedisValue(long number) => new(Number, number);
    public static implicit operator RedisValue(int number) => new(Number, number);
    public static implicit operator RedisValue(ReadOnlyMemory<byte> bytes) => MemoryMarshal.TryGetArray(bytes, out var segment) && segment.Array is { } array
        ? new RedisValue(array, ((long)segment.Offset << 32) | (uint)segment.Count)
        : bytes.ToArray();

    public static implicit operator string?(RedisValue value) => value.source is null ? null : value.ToString();
    public static implicit operator ReadOnlyMemory<byte>(RedisValue value) => value.source is byte[] array ? value.Slice(array) : value.Encode();

    /// <exception cref="FormatException">The value is not a whole number.</exception>
    public static explicit operator long(RedisValue value) => value.source switch
    {
        string text => long.Parse(text, CultureInfo.InvariantCulture),
        byte[] array => long.Parse(value.Slice(array).Span, CultureInfo.InvariantCulture),
        null => throw new FormatException("null is not a number"),
        _ => value.bits,
    };

    /// <exception cref="FormatException">The value is not a whole number.</exception>
    /// <exception cref="OverflowException">The number is too large.</exception>
    public static explicit operator int(RedisValue value) => checked((int)(long)value);

    /// <summary>The text; empty for null.</summary>
    public override string ToString() => source switch
    {
        null => "",
        string text => text,
        byte[] array => Encoding.UTF8.GetString(Slice(array).Span),
        _ => bits.ToString(CultureInfo.InvariantCulture),
    };

    public bool Equals(RedisValue other) =>
        IsNull == other.IsNull && ((ReadOnlyMemory<byte>)this).Span.SequenceEqual(((ReadOnlyMemory<byte>)other).Span);

    public override bool Equals(object? obj) => obj is RedisValue other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(((ReadOnlyMemory<byte>)this).Span);
        return hash.ToHashCode();
    }

    public static bool operator ==(RedisValue left, RedisValue right) => left.Equals(right);
    public static bool operator !=(RedisValue left, RedisValue right) => !left.Equals(right);

    /// <summary>Length on the wire.</summary>
    internal int ByteCount => source switch
    {
        string text => Encoding.UTF8.GetByteCount(text),
        byte[] => (int)bits,
        null => throw new InvalidOperationException("null cannot be sent to Redis; leave the argument out"),
        _ => CopyTo(stackalloc byte[LongestNumber]),
    };

    /// <summary>Writes the value as it goes over the wire and returns its length.</summary>
    internal int CopyTo(Span<byte> target)
    {
        switch (source)
        {
            case string text:
                return Encoding.UTF8.GetBytes(text, target);
            case byte[] array:
                Slice(array).Span.CopyTo(target);
                return (int)bits;
            default:
                Utf8Formatter.TryFormat(bits, target, out var written);
                return written;
        }
    }

    private ReadOnlyMemory<byte> Slice(byte[] array) => array.AsMemory((int)(bits >> 32), (int)bits);

    private byte[] Encode() => source is null ? [] : Encoding.UTF8.GetBytes(ToString());
}
