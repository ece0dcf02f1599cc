using System.CommandLine;
using System.ComponentModel.DataAnnotations;
using EventRtc.Contracts.Tokens;

namespace EventRtc.Ops;

/// <summary>Who runs a command, by the token they show. Secrets are for operators; whoever shows none is as an auditor.</summary>
/// <param name="Actor">For the records.</param>
/// <param name="Masked">Secrets are to be left out.</param>
internal sealed record Caller(string Actor, bool Masked)
{
    /// <summary>For commands that can show secrets.</summary>
    public static Option<string?> TokenOption() => new("--token")
    {
        Description = "A staff token ('eventrtc token'); an operator's shows secrets. Default: EVENTRTC_TOKEN.",
        HelpName = "TOKEN",
    };

    /// <exception cref="TokenException">The token is not good, or there is no JWT_SECRET to check it with.</exception>
    public static Caller By(string? token)
    {
        token ??= Servers.Settings<CallerOptions>("EVENTRTC").Token;
        if (string.IsNullOrEmpty(token))
            return new Caller($"cli:{Environment.UserName}", Masked: true);
        var claims = new StaffTokens(Servers.Settings<JwtOptions>("JWT"), TimeProvider.System).Read(token)
            ?? throw new TokenException("The token is refused: it has ended, is not a staff token, or was signed with another JWT_SECRET.");
        return new Caller(claims.Actor, claims.Role is not StaffRole.Operator);
    }
}

/// <summary>Who uses the command line.</summary>
internal sealed record CallerOptions
{
    /// <summary>A staff token, as <c>eventrtc token</c> makes one; where it is not given with <c>--token</c>. Default none.</summary>
    [DataType(DataType.Password)]
    public string? Token { get; init; }
}

/// <summary>A token that does not hold; the message is for whoever gave it.</summary>
internal sealed class TokenException(string message) : Exception(message);
