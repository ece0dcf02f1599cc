using System.Text;
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
    /// <summary>As records name this person: <c>operator:ann</c>.</summary>
    [JsonIgnore]
    public string Actor => $"{DomainJson.Text(Role)}:{Name}";
}

/// <summary>Issues and reads the tokens of operators and auditors. They name no room, and a room's token is none of them.</summary>
public sealed class StaffTokens(JwtOptions options, TimeProvider clock)
{
    private readonly byte[] secret = Encoding.UTF8.GetBytes(options.Secret);

    public string For(StaffRole role, string name, TimeSpan lifetime)
    {
        var now = clock.GetUtcNow();
        return Jwt.Sign(new StaffClaims(role, name, now.ToUnixTimeSeconds(), (now + lifetime).ToUnixTimeSeconds()), secret);
    }

    /// <returns>Null when the token is not one of ours, has ended, or is for a room.</returns>
    public StaffClaims? Read(string? token)
    {
        try
        {
            return Jwt.Verify(token, secret, clock.GetUtcNow()) is { } claims && !claims.TryGetProperty("roomID", out _) ? claims.Deserialize<StaffClaims>(DomainJson.Options) : null;
        }
        catch (JsonException)
        {
            return null; // well signed, but of another shape
        }
    }

    /// <summary>The claims of a request's <c>Authorization: Bearer</c> header; null without a valid one.</summary>
    public StaffClaims? Read(HttpRequest request) => Read(RoomTokens.Bearer(request));
}

/// <summary>Who may read the audit. AUTH_MODE.</summary>
public sealed record AuthOptions
{
    /// <summary>Default token.</summary>
    public AuthMode Mode { get; init; } = AuthMode.Token;
}

public enum AuthMode
{
    /// <summary>Whoever shows the token of an auditor or operator.</summary>
    Token,

    /// <summary>Everybody, without secrets: for a deployment that only trusted people reach.</summary>
    Open,
}
