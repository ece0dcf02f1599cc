namespace EventRtc.Janus.Admin;

/// <summary>Janus answered, and refused. (No answer at all is an <see cref="HttpRequestException"/> or a <see cref="TimeoutException"/>.)</summary>
/// <param name="code">Janus's own code, see <see cref="JanusCodes"/>.</param>
/// <param name="message">Janus's own words.</param>
public sealed class JanusException(int code, string message) : Exception($"Janus refused ({code}): {message}")
{
    public int Code { get; } = code;
}

/// <summary>The codes of Janus 1.1 that callers act on: below 470 the core's, above the AudioBridge's.</summary>
public static class JanusCodes
{
    /// <summary>The admin secret is wrong.</summary>
    public const int WrongAdminSecret = 403;

    /// <summary>The AudioBridge is not loaded.</summary>
    public const int NoSuchPlugin = 460;

    public const int NoSuchRoom = 485;

    public const int RoomExists = 486;

    /// <summary>The admin key, a pin or a room's secret is wrong.</summary>
    public const int Unauthorized = 489;

    /// <summary>What the AudioBridge has no name for, such as a file it cannot open.</summary>
    public const int UnknownError = 499;
}
