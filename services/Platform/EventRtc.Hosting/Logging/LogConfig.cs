using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventRtc.Hosting.Logging;

/// <summary>
/// The file that APP_LOG_CONFIG_FILE names, in JSON; comments and a last comma are allowed:
/// <code>{ "level": "warn", "modules": { "RoomSvc": "debug" }, "format": "json", "file": { "path": "rooms.log", "maxMegabytes": 10, "keep": 5 } }</code>
/// Levels are read again when it changes, the rest at the start alone. A variable goes before it where both set the same.
/// </summary>
/// <param name="Levels">By names as <see cref="ScreamingSnake"/> makes them; <see cref="LogLevels.All"/> for all.</param>
/// <param name="Format">Null when the file leaves it open.</param>
/// <param name="File">A file that lines go to beside the console; null for none.</param>
public sealed record LogConfig(IReadOnlyDictionary<string, Severity> Levels, LogFormat? Format = null, LogFile? File = null)
{
    private const string Variable = "APP_LOG_CONFIG_FILE";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNameCaseInsensitive = false,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        NumberHandling = JsonNumberHandling.Strict,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    /// <summary>Without a file.</summary>
    public static LogConfig None { get; } = new(new Dictionary<string, Severity>());

    /// <exception cref="SettingsException">It cannot be read.</exception>
    public static string Load(string path)
    {
        try
        {
            return System.IO.File.ReadAllText(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"{Variable}: {fault.Message}");
        }
    }

    /// <exception cref="SettingsException">It is not of this form; the message names the place.</exception>
    public static LogConfig Parse(string path, string text)
    {
        var written = Shape(path, text);
        var levels = new Dictionary<string, Severity>();
        if (written.Level is { } all)
            levels[LogLevels.All] = Severities.Read($"{Variable}: level in {path}", all);
        foreach (var (module, level) in written.Modules ?? [])
            levels[NameOf(path, module)] = Severities.Read($"{Variable}: modules.{module} in {path}", level ?? "");
        return new LogConfig(levels, FormatOf(path, written.Format), written.File?.Checked($"{Variable}: file in {path}"));
    }

    private static Written Shape(string path, string text)
    {
        try
        {
            return JsonSerializer.Deserialize<Written>(text, Json) ?? throw new JsonException();
        }
        catch (JsonException fault)
        {
            throw new SettingsException($"{Variable}: {path} is not of the form that docs/logs.md has, at {fault.Path ?? "$"} in line {(fault.LineNumber ?? 0) + 1}");
        }
    }

    /// <summary>An empty name would be that of all modules, and levels under a name that none can have would mean nothing.</summary>
    private static string NameOf(string path, string module) => ScreamingSnake.Of(module) is var name && LevelVariables.IsModule(name)
        ? name
        : throw new SettingsException($"{Variable}: modules in {path}: '{module}' is no module's name; a module is AName or AName.APart");

    private static LogFormat? FormatOf(string path, string? text) => text switch
    {
        null => null,
        "console" => LogFormat.Console,
        "json" => LogFormat.Json,
        _ => throw new SettingsException($"{Variable}: format in {path}: '{text}' is not one of console, json"),
    };

    private sealed record Written(string? Level, Dictionary<string, string?>? Modules, string? Format, LogFile? File);
}

/// <summary>A file that holds so much at most; when it is full it becomes <c>name_001.log</c> and so on, and the oldest goes.</summary>
/// <param name="Path">From the working directory of the service.</param>
/// <param name="MaxMegabytes">1 to 1000.</param>
/// <param name="Keep">Files, the one that is written to included: 1 to 100.</param>
public sealed record LogFile(string Path, int MaxMegabytes = 10, int Keep = 5)
{
    internal LogFile Checked(string where)
    {
        if (string.IsNullOrWhiteSpace(Path) || MaxMegabytes is < 1 or > 1000 || Keep is < 1 or > 100)
            throw new SettingsException($"{where}: it takes a path, maxMegabytes from 1 to 1000 and keep from 1 to 100");
        return this;
    }

    /// <summary>Serilog would leave a file out that it cannot open, and say nothing.</summary>
    /// <exception cref="SettingsException">It cannot be written.</exception>
    internal void MustBeWritable()
    {
        try
        {
            if (System.IO.Path.GetDirectoryName(Path) is { Length: > 0 } folder)
                Directory.CreateDirectory(folder);
            using var probe = new FileStream(Path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"the log's file: {fault.Message}");
        }
    }
}
