using System.Buffers.Binary;
using System.Buffers.Text;
using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text;
using EventRtc.Domain;

namespace EventRtc.Gateway.Janus;

/// <summary>
/// A client's claim to its Janus session: AES-256-GCM over session id and handle id, bound to the live session and the user, whose nonce and id are the associated
/// data. The client can neither read nor change it, and it is worth nothing in a later live session or another user's hands.
/// </summary>
public sealed class JanusTokens(JanusTokenOptions options)
{
    private const int NonceBytes = 12, ContentBytes = 16, TagBytes = 16;

    private readonly byte[] key = options.Key;

    /// <param name="liveNonce">Of <c>livemeta</c>.</param>
    public string Seal(long session, long handle, string liveNonce, UserId user)
    {
        Span<byte> content = stackalloc byte[ContentBytes];
        BinaryPrimitives.WriteInt64BigEndian(content, session);
        BinaryPrimitives.WriteInt64BigEndian(content[8..], handle);
        Span<byte> token = stackalloc byte[NonceBytes + ContentBytes + TagBytes];
        RandomNumberGenerator.Fill(token[..NonceBytes]);
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(token[..NonceBytes], content, token[NonceBytes..^TagBytes], token[^TagBytes..], BoundTo(liveNonce, user));
        return Base64Url.EncodeToString(token);
    }

    /// <summary>Null when the token is not ours, was changed, or belongs to another live session or user.</summary>
    public (long Session, long Handle)? Open(string? token, string liveNonce, UserId user)
    {
        Span<byte> sealedBytes = stackalloc byte[NonceBytes + ContentBytes + TagBytes];
        if (token is null || !Base64Url.IsValid(token, out var length) || length != sealedBytes.Length || !Base64Url.TryDecodeFromChars(token, sealedBytes, out _))
            return null;
        Span<byte> content = stackalloc byte[ContentBytes];
        using var aes = new AesGcm(key, TagBytes);
        try
        {
            aes.Decrypt(sealedBytes[..NonceBytes], sealedBytes[NonceBytes..^TagBytes], sealedBytes[^TagBytes..], content, BoundTo(liveNonce, user));
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
        return (BinaryPrimitives.ReadInt64BigEndian(content), BinaryPrimitives.ReadInt64BigEndian(content[8..]));
    }

    private static byte[] BoundTo(string liveNonce, UserId user) => Encoding.UTF8.GetBytes($"{liveNonce}:{user}");
}

/// <summary>What a client's claim to its Janus session is sealed with.</summary>
public sealed record JanusTokenOptions
{
    /// <summary>32 bytes, as 64 hexadecimal digits; the same for all gateways. Required.</summary>
    [DataType(DataType.Password), Required(ErrorMessage = Form), RegularExpression("^[0-9a-fA-F]{64}$", ErrorMessage = Form)]
    public string TokenKey { get; init; } = "";

    private const string Form = "must be 64 hexadecimal digits (32 bytes)";

    internal byte[] Key => Convert.FromHexString(TokenKey);
}
