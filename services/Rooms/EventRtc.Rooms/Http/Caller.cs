using System.Diagnostics;
using EventRtc.EventStore;
using EventRtc.Hosting;

namespace EventRtc.Rooms.Http;

/// <summary>Who calls, and as which command.</summary>
internal static class Caller
{
    private const string CorrelationHeader = "X-Correlation-Id";

    /// <summary>What is stored with an event stays small: a longer header is cut off here.</summary>
    private const int LongestCorrelation = 128;

    public static CommandContext Of(HttpContext http)
    {
        var command = IdempotencyKey.IdOf(http.Request);
        return new CommandContext(command, "http", CorrelationOf(http) ?? Activity.Current?.TraceId.ToString() ?? command.ToString("N"));
    }

    private static string? CorrelationOf(HttpContext http) =>
        http.Request.Headers[CorrelationHeader].ToString() is { Length: > 0 } given ? given[..Math.Min(given.Length, LongestCorrelation)] : null;
}
