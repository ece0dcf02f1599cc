using System.Globalization;
using System.Text.Json;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Display;
using Serilog.Formatting.Json;

namespace EventRtc.Hosting.Logging;

/// <summary>
/// A line for programs: <c>{"time":"2026-01-01T12:00:00.000Z","level":"info","service":"rooms","module":"RoomSvc.Housekeeper","source":"...","message":"...","room":"demo","command":"...",
/// "trace":"...","span":"...","exception":"..."}</c>; besides, every value that the message names. What a line does not have is left out.
/// </summary>
internal sealed class JsonLine : ITextFormatter
{
    private static readonly HashSet<string> Taken = ["time", "level", "service", "module", "source", "message", "trace", "span", "exception"];
    private static readonly JsonValueFormatter Values = new(typeTagName: null);
    private static readonly MessageTemplateTextFormatter Message = new("{Message:lj}");

    public void Format(LogEvent logEvent, TextWriter output)
    {
        output.Write("{\"time\":\"");
        output.Write(logEvent.Timestamp.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        output.Write('"');
        Text(output, "level", NameOf(logEvent.Level));
        Text(output, "service", logEvent.Text(Logs.Service));
        Text(output, "module", logEvent.Text(ModuleOfLine.Property));
        Text(output, "source", logEvent.Text("SourceContext"));
        Text(output, "message", MessageOf(logEvent));
        foreach (var (name, value) in logEvent.Values())
            Value(output, JsonNamingPolicy.CamelCase.ConvertName(name), value);
        Text(output, "trace", logEvent.Trace());
        Text(output, "span", logEvent.SpanId?.ToHexString());
        Text(output, "exception", logEvent.Exception?.ToString());
        output.Write("}\n");
    }

    private static void Text(TextWriter output, string name, string? text)
    {
        if (text is null)
            return;
        output.Write($",\"{name}\":");
        JsonValueFormatter.WriteQuotedJsonString(text, output);
    }

    private static void Value(TextWriter output, string name, LogEventPropertyValue value)
    {
        output.Write(',');
        JsonValueFormatter.WriteQuotedJsonString(Taken.Contains(name) ? $"{name}Value" : name, output);
        output.Write(':');
        Values.Format(value, output);
    }

    private static string MessageOf(LogEvent line)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        Message.Format(line, text);
        return text.ToString();
    }

    private static string NameOf(LogEventLevel level) => level switch
    {
        LogEventLevel.Verbose or LogEventLevel.Debug => "debug",
        LogEventLevel.Information => "info",
        LogEventLevel.Warning => "warn",
        LogEventLevel.Error => "error",
        _ => "fatal",
    };
}
