namespace EventRtc.Hosting.Logging;

/// <summary>Where levels come from: the file, and above it the variables, which cannot change while the service runs.</summary>
/// <param name="all">LOG_LEVEL; null when it is not set.</param>
/// <param name="modules">LOG_LEVEL__*, see <see cref="LevelVariables"/>.</param>
/// <param name="file">APP_LOG_CONFIG_FILE; null when there is none.</param>
public sealed class LevelSource(Severity? all, IReadOnlyDictionary<string, Severity> modules, string? file)
{
    private readonly IReadOnlyDictionary<string, Severity> everywhere =
        all is { } level ? new Dictionary<string, Severity> { [LogLevels.All] = level } : LogConfig.None.Levels;

    /// <summary>The file may change, and levels with it.</summary>
    public bool HasFile => file is not null;

    /// <summary>The file as it is now; null when there is none.</summary>
    /// <inheritdoc cref="LogConfig.Load"/>
    public string? Load() => file is null ? null : LogConfig.Load(file);

    /// <inheritdoc cref="LogConfig.Parse"/>
    public LogConfig Parse(string? text) => text is null ? LogConfig.None : LogConfig.Parse(file!, text);

    /// <exception cref="SettingsException">The file, or what it asks for, cannot be used.</exception>
    public LogConfig AtStart()
    {
        var config = Parse(Load());
        config.File?.MustBeWritable();
        return config;
    }

    public LogLevels LevelsWith(LogConfig config) => new(config.Levels, everywhere, modules);
}
