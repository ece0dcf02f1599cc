using Serilog.Core;
using Serilog.Events;

namespace EventRtc.Hosting.Logging;

/// <summary>Takes control characters out of values: a client's words (why it closed, say) must neither begin a line of their own nor colour a terminal. JSON escapes them anyway.</summary>
internal sealed class PlainValues : ILogEventEnricher
{
    public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory)
    {
        List<LogEventProperty>? plain = null;
        foreach (var (name, value) in logEvent.Properties)
            if (value is ScalarValue { Value: string text } && text.Any(char.IsControl))
                (plain ??= []).Add(new LogEventProperty(name, new ScalarValue(string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter)))));
        foreach (var value in plain ?? [])
            logEvent.AddOrUpdateProperty(value);
    }
}
