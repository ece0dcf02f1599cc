using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text;
using EventRtc.Domain;

namespace EventRtc.Contracts;

/// <summary>
/// The AES-128 keys of HLS: the mixer encrypts with them and the HLS service hands them out, each deriving them from the secret both
/// share (<c>HLS_KEY_SECRET</c>). A live session's nonce is public, as it stands in the playlist; without the secret it is worth nothing.
/// </summary>
public static class HlsKeys
{
    /// <summary>Shortest secret allowed, in bytes of UTF-8.</summary>
    public const int ShortestSecret = 32;

    private const int Bytes = 16;

    /// <summary>The session's key: the first 16 bytes of HMAC-SHA-256(secret, roomId + ":" + nonce).</summary>
    public static byte[] Key(ReadOnlySpan<byte> secret, RoomId room, string nonce) => Derive(secret, room, nonce)[..Bytes];

    /// <summary>The session's initialisation vector: the other 16 bytes. It stands in the playlist and tells nothing of the key.</summary>
    public static byte[] Iv(ReadOnlySpan<byte> secret, RoomId room, string nonce) => Derive(secret, room, nonce)[Bytes..];

    /// <summary>Where players fetch the key, relative to the playlist; another session's key is never met in a cache.</summary>
    public static string Uri(string nonce) => $"enc.key?n={System.Uri.EscapeDataString(nonce)}";

    /// <summary>A whole segment's plaintext (AES-128-CBC with PKCS#7 padding, as RFC 8216 has it).</summary>
    /// <exception cref="CryptographicException">The key does not fit, or the segment is not whole.</exception>
    public static byte[] Decrypt(ReadOnlySpan<byte> segment, byte[] key, ReadOnlySpan<byte> iv)
    {
        using var aes = Aes.Create();
        aes.Key = key;
        return aes.DecryptCbc(segment, iv);
    }

    private static byte[] Derive(ReadOnlySpan<byte> secret, RoomId room, string nonce) =>
        HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes($"{room}:{nonce}"));
}

/// <summary>What the keys of rooms follow from.</summary>
public sealed record HlsKeyOptions
{
    /// <summary>What mixers and the HLS service share. No default, so that no deployment runs on a secret that everybody knows. Required; at least 32 characters.</summary>
    [MinLength(HlsKeys.ShortestSecret), DataType(DataType.Password)]
    public string KeySecret { get; init; } = "";
}
