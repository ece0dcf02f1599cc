using System.Buffers.Text;
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

    /// <summary>RFC 7515, 4: a name that stands twice in a header makes it none; two readers could take two values.</summary>
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    public static string Sign<TClaims>(TClaims claims, JwtKey key)
    {
        var header = Encoding.ASCII.GetBytes($$"""{"alg":"{{Algorithm}}","typ":"JWT","kid":"{{key.Id}}"}""");
        var content = $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(claims, DomainJson.Options))}";
        return $"{content}.{key.Sign(content)}";
    }

    /// <param name="shape">Makes claims of a well signed body: null, or a <see cref="JsonException"/>, when it is of another kind.</param>
    public static TokenReading<TClaims> Verify<TClaims>(string? token, JwtKeys keys, DateTimeOffset now, Func<JsonElement, TClaims?> shape) where TClaims : class
    {
        if (string.IsNullOrEmpty(token))
            return TokenFault.Missing;
        if (token.Length > LongestToken || token.Split('.') is not [var header, var body, var signature])
            return TokenFault.Invalid;
        try
        {
            if (!IsHs256(Read(header), out var key) || !keys.Of(key).Any(known => known.Signed($"{header}.{body}", signature)))
                return TokenFault.Invalid;
            var json = Read(body);
            return FaultOf(json, now) is { } fault ? fault : shape(json) is { } claims ? claims : TokenFault.Invalid;
        }
        catch (Exception malformed) when (malformed is JsonException or FormatException or InvalidOperationException)
        {
            return TokenFault.Invalid; // no JSON, no base64url, or a text with half a surrogate pair: that is legal JSON, and no text
        }
    }

    /// <param name="key">The key's id; null when the header names none, as hand-made tokens may.</param>
    private static bool IsHs256(JsonElement header, out string? key)
    {
        key = header.TryGetProperty("kid", out var id) ? id.GetString() ?? throw new JsonException("kid is null") : null;
        // "crit" names extensions that a reader must understand (RFC 7515, 4.1.11); we know none.
        return header.TryGetProperty("alg", out var algorithm) && algorithm.GetString() == Algorithm && !header.TryGetProperty("crit", out _);
    }

    private static TokenFault? FaultOf(JsonElement claims, DateTimeOffset now)
    {
        var seconds = now.ToUnixTimeSeconds();
        var skew = (long)ClockSkew.TotalSeconds;
        if (Seconds(claims, "exp") is not { } end)
            return TokenFault.Invalid;
        if (end <= seconds - skew)
            return TokenFault.Expired;
        return Seconds(claims, "nbf") > seconds + skew ? TokenFault.TooEarly : null;
    }

    private static JsonElement Read(string part) => JsonElement.Parse(Base64Url.DecodeFromChars(part), Strict);

    /// <summary>A time that is there has to be one.</summary>
    private static long? Seconds(JsonElement claims, string name) => claims.TryGetProperty(name, out var value) ? value.GetInt64() : null;
}
