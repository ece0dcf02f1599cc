using System.Text.Json;
using System.Text.Json.Serialization;
using EventRtc.Domain;
using Microsoft.AspNetCore.Http;

namespace EventRtc.Contracts.Tokens;

/// <summary>What somebody may do who works for the house and not in a room; lower case in JSON.</summary>
[JsonConverter(typeof(StaffRoleJsonConverter))]
public enum StaffRole
{
    /// <summary>Reads all histories and exports them, without secrets.</summary>
    Auditor,

    /// <summary>Sees secrets as well.</summary>
    Operator,
}

/// <summary>Numbers are refused, as everywhere.</summary>
public sealed class StaffRoleJsonConverter() : JsonStringEnumConverter<StaffRole>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);

/// <param name="Name">Who it is, for the records.</param>
/// <param name="Iat">Issued at, unix seconds.</param>
/// <param name="Exp">Ends at, unix seconds.</param>
public sealed record StaffClaims(StaffRole Role, string Name, long Iat, long Exp)
{
    private const int LongestName = 128;

    /// <summary>As records name this person: <c>operator:ann</c>.</summary>
    [JsonIgnore]
    public string Actor => $"{DomainJson.Text(Role)}:{Name}";

    /// <summary>1 to 128 characters, none of them for controlling: names become part of records.</summary>
    public static bool IsName(string text) => text.Length is >= 1 and <= LongestName && !text.Any(char.IsControl);
}

/// <summary>Issues and reads the tokens of operators and auditors. They name no room, and a room's token is none of them.</summary>
public sealed class StaffTokens(JwtOptions options, TimeProvider clock)
{
    private readonly JwtKeys keys = new(options);

    public string For(StaffRole role, string name, TimeSpan lifetime)
    {
        var now = clock.GetUtcNow();
        return Jwt.Sign(new StaffClaims(role, name, now.ToUnixTimeSeconds(), (now + lifetime).ToUnixTimeSeconds()), keys.Current);
    }

    /// <returns>Null when the token is not one of ours, has ended, or is for a room.</returns>
    public StaffClaims? Read(string? token) => Verify(token).Claims;

    /// <summary>As <see cref="Read(string?)"/>, and tells why not.</summary>
    public TokenReading<StaffClaims> Verify(string? token) => Jwt.Verify(token, keys, clock.GetUtcNow(), Shape);

    /// <summary>The claims of a request's <c>Authorization: Bearer</c> header; null without a valid one.</summary>
    public StaffClaims? Read(HttpRequest request) => Read(RoomTokens.Bearer(request));

    /// <summary>Whether secrets must be left out of the answer.</summary>
    public bool IsMasked(HttpRequest request) => Read(request) is not { Role: StaffRole.Operator };

    private static StaffClaims? Shape(JsonElement json) =>
        !json.TryGetProperty("roomID", out _) && json.Deserialize<StaffClaims>(DomainJson.Options) is { } claims && StaffClaims.IsName(claims.Name) ? claims : null;
}

/// <summary>Who may call what over REST.</summary>
public sealed record AuthOptions
{
    /// <summary>
    /// Token: each call wants the token that its route names. Open: everybody may do everything, for a deployment that only trusted people reach.
    /// Default token; token, open.
    /// </summary>
    public AuthMode Mode { get; init; } = AuthMode.Token;
}

public enum AuthMode
{
    /// <summary>Each call wants the token that its route names (<see cref="Who"/>).</summary>
    Token,

    /// <summary>
    /// Everybody may do everything, for a deployment that only trusted people reach. A good token still tells who it is and shows an operator secrets; any other is as none.
    /// </summary>
    Open,
}
