using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace EventRtc.EventStore;

/// <summary>Event ids that follow from their command, so that a repeated command brings the same ids and cannot append twice.</summary>
public static class EventId
{
    /// <summary>The id of a command's n-th event: the UUIDv5 (RFC 9562) of the index's decimal digits in the command id's namespace.</summary>
    /// <param name="index">From 0 upwards, in the order of the decision's events.</param>
    [SuppressMessage("Security", "CA5350", Justification = "UUIDv5 is defined with SHA-1; nothing is protected by it.")]
    public static Guid For(Guid commandId, int index)
    {
        Span<byte> name = stackalloc byte[16 + 11];
        commandId.TryWriteBytes(name, bigEndian: true, out _);
        var length = 16 + Encoding.ASCII.GetBytes(index.ToString(), name[16..]);

        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
        SHA1.HashData(name[..length], hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
