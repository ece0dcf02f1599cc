using Google.Protobuf;

namespace EventRtc.Etcd;

/// <summary>A half-open range of keys [Start, End) in etcd's encoding.</summary>
internal readonly record struct KeyRange(ByteString Start, ByteString End)
{
    private static readonly ByteString Zero = ByteString.CopyFrom(0);

    /// <summary>Every key that begins with the prefix; every key at all for an empty one.</summary>
    public static KeyRange Under(string prefix)
    {
        var start = ByteString.CopyFromUtf8(prefix);
        var end = start.ToByteArray().AsSpan();
        // The first key after the range is the prefix with its last byte raised; 0xff never occurs in UTF-8, so there is always room for it.
        if (end.IsEmpty)
            return new(Zero, Zero);
        end[^1]++;
        return new(start, ByteString.CopyFrom(end));
    }

    /// <summary>What of this range comes after the key, for the next page.</summary>
    public KeyRange After(ByteString key) => this with { Start = ByteString.CopyFrom([.. key.Span, 0]) };
}
