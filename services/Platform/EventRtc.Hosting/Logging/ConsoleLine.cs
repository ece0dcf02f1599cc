using System.Text;
using System.Text.Json;
using Serilog.Core;
using Serilog.Events;
using Serilog.Parsing;
using Serilog.Templates;
using Serilog.Templates.Themes;

namespace EventRtc.Hosting.Logging;

/// <summary>A line for people: <c>12:00:00.000 INF rooms RoomSvc.Housekeeper Room demo has had its time: RemoveRoom command=... trace=...</c></summary>
internal static class ConsoleLine
{
    private const string Form = $"{{@t:HH:mm:ss.fff}} {{@l:u3}} {{{Logs.Service}}} {{{ModuleOfLine.Property}}} {{@m}}{{{IdsOfLine.Property}}}\n{{@x}}";

    public static ExpressionTemplate Formatter(bool colourful) => new(Form, theme: colourful ? TemplateTheme.Code : null, applyThemeWhenOutputIsRedirected: colourful);

    /// <summary>On a terminal that can show colours and whose user has not said no, see no-color.org.</summary>
    public static bool IsColourful(bool redirected, string? noColor, string? terminal) => !redirected && string.IsNullOrEmpty(noColor) && terminal is not "dumb";
}

/// <summary>Adds the ids that a line has and its message does not name, as the end of the line: <c> room=demo command=... trace=...</c></summary>
internal sealed class IdsOfLine : ILogEventEnricher
{
    public const string Property = "LogIds";

    public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory)
    {
        var told = logEvent.MessageTemplate.Tokens.OfType<PropertyToken>().Select(token => token.PropertyName).ToHashSet(StringComparer.Ordinal);
        var ids = new StringBuilder();
        foreach (var (name, value) in logEvent.Values()) // a correlation that nobody gave is the trace, which need not stand there twice
            if (!told.Contains(name) && !logEvent.IsTrace(value))
                ids.Append(' ').Append(JsonNamingPolicy.CamelCase.ConvertName(name)).Append('=').Append(value is ScalarValue { Value: string text } ? text : value.ToString());
        if (logEvent.Trace() is { } trace && !logEvent.Properties.Any(value => told.Contains(value.Key) && logEvent.IsTrace(value.Value)))
            ids.Append(" trace=").Append(trace);
        if (ids.Length > 0)
            logEvent.AddOrUpdateProperty(new LogEventProperty(Property, new ScalarValue(ids.ToString())));
    }
}
