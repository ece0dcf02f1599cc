namespace EventRtc.Domain;

/// <summary>Why a command was refused, as a value.</summary>
/// <param name="Code">Stable and machine-readable, snake_case, e.g. <c>room_full</c>.</param>
/// <param name="Message">A sentence for people; it carries nothing secret and nothing internal.</param>
/// <param name="Retryable">The very same command may succeed later without anybody changing anything.</param>
public sealed record Rejection(RejectionKind Kind, string Code, string Message, bool Retryable = false);

/// <summary>What the refused caller can do about it; each transport maps it to its own status.</summary>
public enum RejectionKind
{
    /// <summary>The command itself is wrong.</summary>
    Invalid,

    /// <summary>The caller may not do that, whoever it is.</summary>
    Forbidden,

    /// <summary>Nobody knows who the caller is: there is no good token.</summary>
    Unauthorized,

    /// <summary>What it names does not exist.</summary>
    NotFound,

    /// <summary>It does not fit the present state.</summary>
    Conflict,

    /// <summary>There is no means to do it now.</summary>
    Unavailable,
}
