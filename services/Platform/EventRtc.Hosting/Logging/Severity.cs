using Microsoft.Extensions.Logging;

namespace EventRtc.Hosting.Logging;

/// <summary>How grave a line is, by the names that settings have for it.</summary>
public enum Severity
{
    Debug,
    Info,
    Warn,
    Error,
    Fatal,
}

internal static class Severities
{
    private static readonly Dictionary<string, Severity> ByName = Enum.GetValues<Severity>().ToDictionary(level => $"{level}", StringComparer.OrdinalIgnoreCase);

    /// <param name="where">What the text stands in, for the message.</param>
    /// <exception cref="SettingsException">It is none of the five names.</exception>
    public static Severity Read(string where, string text) =>
        ByName.TryGetValue(text, out var level) ? level : throw new SettingsException($"{where}: '{text}' is not one of debug, info, warn, error, fatal");

    public static LogLevel ToLogLevel(this Severity level) => level switch
    {
        Severity.Debug => LogLevel.Debug,
        Severity.Info => LogLevel.Information,
        Severity.Warn => LogLevel.Warning,
        Severity.Error => LogLevel.Error,
        _ => LogLevel.Critical,
    };
}
