using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using EventRtc.Domain;

namespace EventRtc.Contracts.Tokens;

/// <summary>What came of reading a token: what it says, or why it does not count.</summary>
[SuppressMessage("Usage", "CA2225", Justification = "Either case is written as what it holds.")]
public abstract record TokenReading<TClaims> where TClaims : class
{
    private TokenReading() { }

    /// <summary>What the token says; null when it does not count.</summary>
    public TClaims? Claims => (this as Good)?.Said;

    public static implicit operator TokenReading<TClaims>(TClaims said) => new Good(said);

    public static implicit operator TokenReading<TClaims>(TokenFault why) => new Bad(why);

    public sealed record Good(TClaims Said) : TokenReading<TClaims>;

    public sealed record Bad(TokenFault Why) : TokenReading<TClaims>;
}

/// <summary>Why a token does not count.</summary>
public enum TokenFault
{
    /// <summary>There is none.</summary>
    Missing,

    /// <summary>Malformed, of another algorithm, signed with a key that is not (or no longer) ours, without an end, or of another kind.</summary>
    Invalid,

    /// <summary>It was good, and has ended.</summary>
    Expired,

    /// <summary>Its <c>nbf</c> is still to come.</summary>
    TooEarly,
}

/// <summary>Every way in which a caller is refused for the token shown.</summary>
public static class TokenRejections
{
    public static Rejection Missing { get; } = new(RejectionKind.Unauthorized, "token_missing", "This call needs a token, as 'Authorization: Bearer ...'.");

    public static Rejection Invalid { get; } = new(RejectionKind.Unauthorized, "token_invalid", "This token is none of ours; get a new one.");

    public static Rejection Expired { get; } = new(RejectionKind.Unauthorized, "token_expired", "This token has ended; get a new one.");

    public static Rejection TooEarly { get; } = new(RejectionKind.Unauthorized, "token_too_early", "This token is good later.", Retryable: true);

    public static Rejection RoleInsufficient { get; } = new(RejectionKind.Forbidden, "role_insufficient", "The role of this token does not allow that.");

    public static Rejection WrongRoom => RoomRejections.WrongRoom;

    public static Rejection Of(TokenFault fault) => fault switch
    {
        TokenFault.Missing => Missing,
        TokenFault.Invalid => Invalid,
        TokenFault.Expired => Expired,
        TokenFault.TooEarly => TooEarly,
        _ => throw new UnreachableException($"No refusal for {fault}"),
    };
}
