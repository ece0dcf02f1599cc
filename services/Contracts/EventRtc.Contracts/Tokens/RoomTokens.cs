using System.Text.Json;
using System.Text.Json.Serialization;
using EventRtc.Domain;
using Microsoft.AspNetCore.Http;

namespace EventRtc.Contracts.Tokens;

/// <summary>What a token says. Listeners' tokens name a room only.</summary>
/// <param name="Iat">Issued at, unix seconds.</param>
/// <param name="Exp">Ends at, unix seconds.</param>
public sealed record Claims(
    [property: JsonPropertyName("roomID")] RoomId Room,
    [property: JsonPropertyName("iat")] long Iat,
    [property: JsonPropertyName("exp")] long Exp,
    [property: JsonPropertyName("userID")] UserId? User = null,
    [property: JsonPropertyName("role")] Role? Role = null);

/// <summary>Issues and reads the tokens that admit to one room.</summary>
public sealed class RoomTokens(JwtOptions options, TimeProvider clock)
{
    private readonly JwtKeys keys = new(options);

    /// <summary>For somebody who connects to the gateway.</summary>
    /// <param name="since">When the user was admitted: the same admission always makes the same token, until the keys are rotated.</param>
    public string ForMember(RoomId room, UserId user, Role role, DateTimeOffset since) => Sign(room, since, user, role);

    /// <summary>For a listener, who only fetches keys.</summary>
    public string ForListener(RoomId room) => Sign(room, clock.GetUtcNow());

    /// <returns>Null when the token is not one of ours or has ended.</returns>
    public Claims? Read(string? token) => Verify(token).Claims;

    /// <summary>As <see cref="Read(string?)"/>, and tells why not.</summary>
    public TokenReading<Claims> Verify(string? token) => Jwt.Verify(token, keys, clock.GetUtcNow(), json => json.Deserialize<Claims>(DomainJson.Options));

    /// <summary>The claims of a request's <c>Authorization: Bearer</c> header; null without a valid one.</summary>
    public Claims? Read(HttpRequest request) => Read(Bearer(request));

    /// <summary>The token of an <c>Authorization: Bearer</c> header; null when there is none.</summary>
    public static string? Bearer(HttpRequest request) =>
        request.Headers.Authorization.ToString() is { Length: > 7 } header && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header[7..].Trim() : null;

    private string Sign(RoomId room, DateTimeOffset from, UserId? user = null, Role? role = null) =>
        Jwt.Sign(new Claims(room, from.ToUnixTimeSeconds(), (from + options.Lifetime).ToUnixTimeSeconds(), user, role), keys.Current);
}
