using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace EventRtc.EventStore;

/// <summary>
/// One value for a row of events in the order of their positions: it begins with 32 zero bytes, and each event makes it the SHA-256 of what it was, the
/// position as 8 bytes (big endian) and the 32 bytes of the event's hash, recomputed from its content.
/// </summary>
public sealed class LogDigest
{
    private readonly byte[] state = new byte[SHA256.HashSizeInBytes + sizeof(long) + SHA256.HashSizeInBytes];

    /// <summary>How many events it covers.</summary>
    public long Count { get; private set; }

    /// <summary>The last event's position.</summary>
    public Position Last { get; private set; }

    /// <summary>64 lower-case hexadecimal digits.</summary>
    public string Value => Convert.ToHexStringLower(state.AsSpan(0, SHA256.HashSizeInBytes));

    /// <param name="hash">As <see cref="EventHash"/> gives it.</param>
    /// <exception cref="FormatException">The hash is not 64 hexadecimal digits.</exception>
    public void Add(Position position, string hash)
    {
        BinaryPrimitives.WriteInt64BigEndian(state.AsSpan(SHA256.HashSizeInBytes), position.Value);
        if (Convert.FromHexString(hash, state.AsSpan(SHA256.HashSizeInBytes + sizeof(long)), out _, out var written) is not OperationStatus.Done || written != SHA256.HashSizeInBytes)
            throw new FormatException("A hash is 64 hexadecimal digits.");
        Span<byte> next = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(state, next);
        next.CopyTo(state);
        Count++;
        Last = position;
    }
}
