using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace EventRtc.Hosting.Logging;

/// <summary>The errand that a call belongs to, which may be of several calls to several services: in logs, and with every event that it leads to.</summary>
public static class CorrelationId
{
    public const string Header = "X-Correlation-Id";

    /// <summary>What is stored with an event stays small: a longer header is cut off here, in characters and not within one.</summary>
    public const int Longest = 128;

    /// <summary>What the caller says; else the call's trace; null when there is neither.</summary>
    public static string? Of(HttpRequest request) =>
        request.Headers[Header].ToString() is { Length: > 0 } given ? string.Concat(given.EnumerateRunes().Take(Longest)) : Activity.Current?.TraceId.ToString();
}
