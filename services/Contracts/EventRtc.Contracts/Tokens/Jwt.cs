using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EventRtc.Domain;

namespace EventRtc.Contracts.Tokens;

/// <summary>JSON Web Tokens signed with HS256 (RFC 7515, RFC 7519) by the BCL's HMAC. No other algorithm is read or written.</summary>
public static class Jwt
{
    /// <summary>How far the clocks of issuer and reader may be apart.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    /// <summary>Longer texts are no tokens of ours.</summary>
    private const int LongestToken = 4096;

    private const string Algorithm = "HS256";
    private static readonly string Header = Base64Url.EncodeToString("""{"alg":"HS256","typ":"JWT"}"""u8);

    public static string Sign<TClaims>(TClaims claims, ReadOnlySpan<byte> secret)
    {
        var content = $"{Header}.{Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(claims, DomainJson.Options))}";
        return $"{content}.{Base64Url.EncodeToString(Signature(content, secret))}";
    }

    /// <returns>The claims; null when the token is malformed, of another algorithm, wrongly signed, expired or without an end.</returns>
    public static JsonElement? Verify(string? token, ReadOnlySpan<byte> secret, DateTimeOffset now)
    {
        if (token is not { Length: <= LongestToken } || token.Split('.') is not [var header, var payload, var signature])
            return null;
        if (Read(header) is not { ValueKind: JsonValueKind.Object } head || !IsHs256(head))
            return null;
        if (!CryptographicOperations.FixedTimeEquals(Bytes(signature), Signature($"{header}.{payload}", secret)))
            return null;
        return Read(payload) is { ValueKind: JsonValueKind.Object } claims && IsCurrent(claims, now) ? claims : null;
    }

    private static bool IsHs256(JsonElement header)
    {
        try
        {
            // "crit" names extensions that a reader must understand (RFC 7515, 4.1.11); we know none.
            return header.TryGetProperty("alg", out var alg) && alg.ValueKind is JsonValueKind.String && alg.ValueEquals(Algorithm) && !header.TryGetProperty("crit", out _);
        }
        catch (InvalidOperationException)
        {
            return false; // a name or a text with half a surrogate pair: legal JSON, and no text
        }
    }

    private static bool IsCurrent(JsonElement claims, DateTimeOffset now)
    {
        var seconds = now.ToUnixTimeSeconds();
        var skew = (long)ClockSkew.TotalSeconds;
        return Seconds(claims, "exp") is { } end && seconds < end + skew
            && (Seconds(claims, "nbf") ?? long.MinValue) <= seconds + skew;
    }

    private static byte[] Signature(string content, ReadOnlySpan<byte> secret) => HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(content));

    private static byte[] Bytes(string text) => Base64Url.IsValid(text) ? Base64Url.DecodeFromChars(text) : [];

    private static JsonElement? Read(string part)
    {
        try
        {
            return JsonElement.Parse(Bytes(part));
        }
        catch (JsonException)
        {
            return null; // not a token
        }
    }

    private static long? Seconds(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.Number && value.TryGetInt64(out var seconds) ? seconds : null;
}
