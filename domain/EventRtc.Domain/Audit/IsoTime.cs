using System.Globalization;

namespace EventRtc.Domain;

/// <summary>Times as auditors write them: ISO 8601, from a day down to fractions of a second; UTC where no offset is given.</summary>
public static class IsoTime
{
    /// <summary>What is taken, for messages.</summary>
    public const string Rule = "an ISO 8601 time such as 2026-03-01, 2026-03-01T12:00:00Z or 2026-03-01T13:00:00.5+01:00";

    private static readonly string[] Forms = ["yyyy-MM-dd", "yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK"];

    public static DateTimeOffset? Parse(string text) =>
        DateTimeOffset.TryParseExact(text, Forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    /// <summary>In UTC to the microsecond, as the log keeps it.</summary>
    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
