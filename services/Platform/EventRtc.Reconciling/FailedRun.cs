using System.Diagnostics;

namespace EventRtc.Reconciling;

/// <summary>
/// Which trace a failed run belonged to. Its activity has ended when the scheduler says in the log that it failed, so whoever traces runs leaves the trace with the failure.
/// </summary>
public static class FailedRun
{
    private const string Trace = nameof(Trace);

    public static void BelongsTo(this Exception failure, ActivityTraceId trace) => failure.Data[Trace] = trace.ToHexString();

    /// <summary>For the scope of a line; null when nobody traced the run.</summary>
    internal static KeyValuePair<string, object?>? TraceOf(Exception failure) => failure.Data[Trace] is string trace ? new(Trace, trace) : null;
}
