using System.ComponentModel.DataAnnotations;

namespace EventRtc.Hosting.Logging;

/// <summary>What is written down of what happens.</summary>
public sealed record LogOptions
{
    /// <summary>The least grave lines that are written, of all modules that nothing closer sets. Default info; debug, info, warn, error, fatal.</summary>
    [DefaultIs("info")]
    public Severity? Level { get; init; }

    /// <summary>How a line looks: readable, in colour on a terminal unless NO_COLOR is set, or a JSON object. Default console; console, json.</summary>
    [DefaultIs("console")]
    public LogFormat? Format { get; init; }

    /// <summary>How often the file of APP_LOG_CONFIG_FILE is looked at; SIGHUP has it looked at now. Default 2 s; 100 ms to 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan ReloadEvery { get; init; } = TimeSpan.FromSeconds(2);
}

/// <summary>How a line looks.</summary>
public enum LogFormat
{
    Console,
    Json,
}
