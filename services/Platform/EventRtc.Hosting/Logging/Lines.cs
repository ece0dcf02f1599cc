using Serilog.Events;
using Serilog.Formatting;

namespace EventRtc.Hosting.Logging;

/// <summary>What the two forms of a line have in common.</summary>
internal static class Lines
{
    /// <summary>For what belongs to a trace and is no activity: the projection of an event while nobody records.</summary>
    private const string TraceOfScope = "Trace";

    /// <summary>Of the framework, or shown in a place of its own.</summary>
    private static readonly HashSet<string> NotShown =
    [
        "SourceContext", ModuleOfLine.Property, IdsOfLine.Property, Logs.Service, "EventId", "Scope", "RequestId", "RequestPath", "ConnectionId", "TransportConnectionId",
        "ActionId", "ActionName", "{OriginalFormat}",
    ];

    /// <summary>The values of the message and of the scopes it was written in: ids, above all.</summary>
    public static IEnumerable<KeyValuePair<string, LogEventPropertyValue>> Values(this LogEvent line) =>
        line.Properties.Where(value => !NotShown.Contains(value.Key) && !(value.Key is TraceOfScope && line.IsTrace(value.Value)));

    /// <summary>Of the activity in which the line was written; where there is none, the one that a scope names. Null when there is neither.</summary>
    public static string? Trace(this LogEvent line) => line.TraceId?.ToHexString() ?? line.Text(TraceOfScope);

    public static bool IsTrace(this LogEvent line, LogEventPropertyValue value) => value is ScalarValue { Value: string text } && text == line.Trace();

    /// <summary>Null when there is no such text.</summary>
    public static string? Text(this LogEvent line, string property) => line.Properties.GetValueOrDefault(property) is ScalarValue { Value: string text } ? text : null;
}

/// <summary>A line without what must not be in it.</summary>
internal sealed class Masked(ITextFormatter form, SecretMask mask) : ITextFormatter
{
    public void Format(LogEvent logEvent, TextWriter output)
    {
        using var line = new StringWriter();
        form.Format(logEvent, line);
        output.Write(mask.Apply(line.ToString()));
    }
}
