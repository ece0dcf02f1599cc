using System.Buffers.Text;
using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EventRtc.Domain;
using EventRtc.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace EventRtc.Contracts;

/// <summary>
/// JSON Web Tokens (RFC 7519) signed with HMAC-SHA-256 (RFC 7515) and with nothing else: what a token says of its own algorithm never
/// chooses how it is checked. Every token ends.
/// </summary>
public sealed class Jwt(JwtOptions options, TimeProvider clock)
{
    /// <summary>How far the clocks of two machines may differ.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    /// <summary>Longest token that is looked at, in characters; ours have about 300.</summary>
    public const int Longest = 4096;

    private static readonly string Header = Base64Url.EncodeToString("""{"alg":"HS256","typ":"JWT"}"""u8);
    private readonly byte[] key = Encoding.UTF8.GetBytes(options.Secret);

    /// <summary>A token for a user of a room, good from now on for <see cref="JwtOptions.Lifetime"/>.</summary>
    public string Issue(UserId user, RoomId room, Role role)
    {
        var now = clock.GetUtcNow();
        return Sign(new Claims(user, room, role, now.ToUnixTimeSeconds(), (now + options.Lifetime).ToUnixTimeSeconds()));
    }

    /// <summary>Signs any claims; without <c>exp</c> (Unix seconds) among them, <see cref="Verify"/> will refuse them.</summary>
    public string Sign<TClaims>(TClaims claims)
    {
        var signed = $"{Header}.{Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(claims, DomainJson.Options))}";
        return $"{signed}.{Base64Url.EncodeToString(Mac(signed, key))}";
    }

    /// <summary>The token's claims; null when it is none of ours, was changed, has expired, never expires, or claims something else.</summary>
    public TClaims? Verify<TClaims>(string? token) where TClaims : class
    {
        if (Payload(token, key) is not { } payload)
            return null;
        try
        {
            return JsonSerializer.Deserialize<Expiry>(payload, DomainJson.Options) is { } end && end.Exp > (clock.GetUtcNow() - Skew).ToUnixTimeSeconds()
                ? JsonSerializer.Deserialize<TClaims>(payload, DomainJson.Options)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The token's claims when it is good for this room.</summary>
    public Claims? Verify(string? token, RoomId room) => Verify<Claims>(token) is { } claims && claims.RoomId == room ? claims : null;

    /// <summary>The bytes that a token signs; null when it is no HS256 token or the signature is not this key's.</summary>
    public static byte[]? Payload(string? token, ReadOnlySpan<byte> key)
    {
        if (token is not { Length: <= Longest } || token.Split('.') is not [var header, var payload, var signature])
            return null;
        if (Decode(header) is not { } head || Decode(payload) is not { } body || Decode(signature) is not { } mac || !IsHs256(head))
            return null;
        return CryptographicOperations.FixedTimeEquals(mac, Mac($"{header}.{payload}", key)) ? body : null;
    }

    private static byte[] Mac(string signed, ReadOnlySpan<byte> key) => HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(signed));

    private static bool IsHs256(byte[] header)
    {
        try
        {
            var read = JsonSerializer.Deserialize<JoseHeader>(header, DomainJson.Options);
            // "crit" names extensions that must be understood (RFC 7515, 4.1.11); we know none.
            return read is { Alg: "HS256", Crit: null };
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static byte[]? Decode(string part)
    {
        var bytes = new byte[Base64Url.GetMaxDecodedLength(part.Length)];
        return part.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') && Base64Url.TryDecodeFromChars(part, bytes, out var length) ? bytes[..length] : null;
    }

    private sealed record JoseHeader(string Alg, JsonElement? Crit = null);

    private sealed record Expiry(long Exp);
}

/// <summary>From <c>JWT_*</c>.</summary>
public sealed record JwtOptions
{
    /// <summary>What users, gateway and HLS services share; at least 32 characters, as HS256 asks for a key as long as its hash.</summary>
    [MinLength(32)] public string Secret { get; init; } = "";

    /// <summary>How long a token is good.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromHours(1);
}

public static class JwtServices
{
    /// <summary><see cref="Jwt"/> by <c>JWT_SECRET</c> and <c>JWT_LIFETIME</c>.</summary>
    public static void AddJwt(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<JwtOptions>("JWT");
        builder.Services.AddSingleton<Jwt>();
    }
}
