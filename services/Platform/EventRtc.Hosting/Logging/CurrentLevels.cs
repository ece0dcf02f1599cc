using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace EventRtc.Hosting.Logging;

/// <summary>What every logger asks before it writes; one look into a table, also while levels change.</summary>
internal sealed class CurrentLevels(LogModules modules, LogLevels levels)
{
    private volatile Table table = new(levels);

    public bool IsEnabled(string? category, LogLevel level) => level is not LogLevel.None && level >= table.Of(category ?? "", modules);

    public void Replace(LogLevels levels) => table = new Table(levels);

    /// <summary>Bounded by the categories that there are in the program.</summary>
    private sealed class Table(LogLevels levels)
    {
        private readonly ConcurrentDictionary<string, LogLevel> known = new(StringComparer.Ordinal);

        public LogLevel Of(string category, LogModules modules) =>
            known.GetOrAdd(category, static (category, from) => from.Levels.Of(from.Modules.Of(category)).ToLogLevel(), (Levels: levels, Modules: modules));
    }
}
