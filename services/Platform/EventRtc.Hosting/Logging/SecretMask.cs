using System.Buffers;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace EventRtc.Hosting.Logging;

/// <summary>
/// The last line of defence: whatever else goes wrong, tokens, pins and the process's own secrets do not get into a log. It knows secrets by their looks (a JWT),
/// by what stands before them (<c>token=</c>, <c>"pin":</c>) and by the process's settings.
/// </summary>
public sealed partial class SecretMask
{
    private const string Hidden = "***";

    /// <summary>A shorter value is masked by its name alone: as a word it may be anywhere.</summary>
    private const int ShortestKnown = 10;

    /// <summary>Most lines have none of these and are left at that.</summary>
    private static readonly SearchValues<string> Suspicious =
        SearchValues.Create(["eyJ", "token", "pin", "secret", "password", "admin_key", "bearer", "enc.key"], StringComparison.OrdinalIgnoreCase);

    private readonly string[] known;
    private readonly SearchValues<string> anyKnown;

    /// <param name="secrets">Values that are never shown.</param>
    public SecretMask(params IEnumerable<string> secrets)
    {
        known = [.. secrets.Where(secret => secret.Length >= ShortestKnown).Distinct().OrderByDescending(secret => secret.Length)];
        anyKnown = SearchValues.Create(known, StringComparison.Ordinal);
    }

    /// <summary>Every setting that is named as secrets are: JWT_SECRET, JANUS_TOKEN_KEY, REDIS_PASSWORD ..., and the password of a connection string.</summary>
    public static SecretMask Of(IConfiguration settings) => new(settings.AsEnumerable().Where(setting => setting.Value is not null).SelectMany(setting =>
        SecretName().IsMatch(setting.Key) ? [setting.Value!] : DsnPassword().Matches(setting.Value!).Select(password => password.Groups["password"].Value)));

    public string Apply(string line)
    {
        if (line.AsSpan().ContainsAny(anyKnown))
            line = known.Aggregate(line, (rest, secret) => rest.Replace(secret, Hidden, StringComparison.Ordinal));
        return line.AsSpan().ContainsAny(Suspicious) ? Named().Replace(Jwt().Replace(line, Hidden), "$1" + Hidden) : line;
    }

    [GeneratedRegex("(SECRET|PASSWORD|TOKEN|_KEY)$")]
    private static partial Regex SecretName();

    /// <summary>Of Npgsql's form or of a URI.</summary>
    [GeneratedRegex(@"(?i)password=(?<password>[^;]+)|://[^/:@\s]+:(?<password>[^@/\s]+)@")]
    private static partial Regex DsnPassword();

    [GeneratedRegex(@"eyJ[\w-]{5,}\.[\w-]+(\.[\w-]*)?")]
    private static partial Regex Jwt();

    /// <summary>As a query has it, a header, a connection string, JSON, and JSON within JSON.</summary>
    [GeneratedRegex("""(?i)(\b(?:j?token|access_token|pin|secret|admin_secret|admin_key|password)(?:=|\\?"\s*:\s*\\?")|\bBearer\s+|enc\.key\?n=)[^\s"\\&;,*]+""")]
    private static partial Regex Named();
}
