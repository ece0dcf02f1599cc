using System.ComponentModel.DataAnnotations;

namespace EventRtc.Hosting.Logging;

/// <summary>LOG_*. Levels of single modules are LOG_LEVEL__ROOM_SVC and the like, see <see cref="LevelVariables"/>.</summary>
public sealed record LogOptions
{
    /// <summary>The least grave lines that are written, of all modules that nothing closer sets: debug, info, warn, error or fatal. LOG_LEVEL, default info.</summary>
    public Severity? Level { get; init; }

    /// <summary>console: a readable line, in colour on a terminal unless NO_COLOR is set. json: an object a line. LOG_FORMAT, default console.</summary>
    public LogFormat? Format { get; init; }

    /// <summary>How often the file of APP_LOG_CONFIG_FILE is looked at; SIGHUP has it looked at now. LOG_RELOAD_EVERY, default 2 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan ReloadEvery { get; init; } = TimeSpan.FromSeconds(2);
}

/// <summary>How a line looks.</summary>
public enum LogFormat
{
    Console,
    Json,
}
