using System.Collections.Concurrent;
using Serilog.Core;
using Serilog.Events;

namespace EventRtc.Hosting.Logging;

/// <summary>Adds each line's module, under a name that leaves {Module} to messages.</summary>
internal sealed class ModuleOfLine(LogModules modules) : ILogEventEnricher
{
    public const string Property = "LogModule";
    private readonly ConcurrentDictionary<string, LogEventProperty> known = new(StringComparer.Ordinal);

    public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory)
    {
        if (logEvent.Text("SourceContext") is { } category)
            logEvent.AddOrUpdateProperty(known.GetOrAdd(category, static (category, modules) => new LogEventProperty(Property, new ScalarValue(modules.Of(category))), modules));
    }
}
