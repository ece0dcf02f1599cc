using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventRtc.Ops.Doctor;

/// <summary>From good to bad. Lower case in JSON.</summary>
[JsonConverter(typeof(VerdictJsonConverter))]
internal enum Verdict
{
    /// <summary>Not looked at; says nothing of the deployment.</summary>
    Skipped,
    Ok,

    /// <summary>It works, and somebody should see to it.</summary>
    Warn,

    /// <summary>It does not work, or will not for long.</summary>
    Fail,
}

internal sealed class VerdictJsonConverter() : JsonStringEnumConverter<Verdict>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);

/// <summary>One thing that was looked at.</summary>
/// <param name="Check">The check's name, as <c>--skip</c> takes it.</param>
/// <param name="About">What precisely: <c>version</c>, or a process by its address.</param>
/// <param name="Seen">What was seen, for an operator; without secrets and without what an exception says inside.</param>
/// <param name="Next">What to do about it; null when nothing is to be done.</param>
internal sealed record Finding(string Check, string About, Verdict Verdict, string Seen, string? Next = null);
