using System.Buffers.Text;
using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text;

namespace EventRtc.Contracts.Tokens;

/// <summary>What tokens are signed with and checked against: the current key signs, and the previous one is believed as long as it is given.</summary>
public sealed class JwtKeys(JwtKey current, JwtKey? previous = null)
{
    public JwtKeys(JwtOptions options) : this(new JwtKey(options.Secret), options.PreviousSecret is { } secret ? new JwtKey(secret) : null) { }

    public JwtKey Current => current;

    /// <summary>The keys that may have signed a token: the one of that id, or any when the token names none.</summary>
    internal IEnumerable<JwtKey> Of(string? id) =>
        new[] { current, previous }.OfType<JwtKey>().Where(key => id is null || key.Id == id);
}

/// <summary>A secret of HS256 under an id that follows from it, so that nobody has to hand out ids.</summary>
public sealed class JwtKey(byte[] secret)
{
    public JwtKey(string secret) : this(Encoding.UTF8.GetBytes(secret)) { }

    /// <summary>Stands in the header of each token (<c>kid</c>): 8 bytes of a hash in base64url. It does not give the secret away.</summary>
    public string Id { get; } = Base64Url.EncodeToString(SHA256.HashData([.. "EventRtc key id\n"u8, .. secret]).AsSpan(0, 8));

    /// <summary>The signature of <c>header.body</c>, in base64url.</summary>
    public string Sign(string content) => Base64Url.EncodeToString(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(content)));

    /// <summary>In a time that does not depend on how much of the signature is right. The text is compared, so a token has one spelling only.</summary>
    internal bool Signed(string content, string signature) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(signature), Encoding.ASCII.GetBytes(Sign(content)));
}

/// <summary>
/// What tokens are signed with: the same for all services that issue or read them. To rotate: make what was the secret the previous one and set
/// a new secret, everywhere; when the longest lifetime of a token has passed, take the previous one away. ops/runbooks/rotate-keys.md has the steps.
/// </summary>
public sealed record JwtOptions : IValidatableObject
{
    /// <summary>
    /// Signs, and is believed; at least 32 bytes, as HS256 asks for. No default, so that no deployment runs on a secret that everybody knows.
    /// Required; at least 32 characters.
    /// </summary>
    [MinLength(32), DataType(DataType.Password)]
    public string Secret { get; init; } = "";

    /// <summary>Is believed as well while the tokens that it signed live; at least 32 bytes, and another than the secret. Default none; at least 32 characters.</summary>
    [MinLength(32), DataType(DataType.Password)]
    public string? PreviousSecret { get; init; }

    /// <summary>How long a room's token admits. Default 1 h; 1 s to 168 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromHours(1);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Secret == PreviousSecret)
            yield return new ValidationResult("must differ from JWT_SECRET", [nameof(PreviousSecret), nameof(Secret)]);
    }
}
