using System.Text.RegularExpressions;
using EventRtc.Hosting.Configuration;
using Microsoft.Extensions.Configuration;

namespace EventRtc.Hosting.Logging;

/// <summary>Levels of single modules: <c>LOG_LEVEL__ROOM_SVC</c>, <c>LOG_LEVEL__RESOURCE_MGR__JANUS_WORKER</c>.</summary>
public static partial class LevelVariables
{
    private const string Everything = "LOG_LEVEL";
    private const string Prefix = "LOG_LEVEL__";

    public static SettingFamily Family { get; } = new(
        Prefix, "MODULE", "The least grave lines that one module writes, such as LOG_LEVEL__ROOM_SVC; LOG_LEVEL__RESOURCE_MGR__JANUS_WORKER is a part of one. See [logs](logs.md).",
        "debug, info, warn, error, fatal", "the module's that it is a part of, then LOG_LEVEL");

    /// <returns>By the name behind the prefix.</returns>
    /// <exception cref="SettingsException">A variable has a value that is no level, or no name that a module can have; the message names all such.</exception>
    public static IReadOnlyDictionary<string, Severity> Read(IConfiguration configuration)
    {
        var (levels, faults) = (new Dictionary<string, Severity>(), new List<string>());
        foreach (var (key, text) in configuration.AsEnumerable())
        {
            var variable = key.Replace(":", ScreamingSnake.LevelSeparator, StringComparison.Ordinal); // which .NET makes of a double underscore
            if (!variable.StartsWith($"{Everything}_", StringComparison.Ordinal) || string.IsNullOrEmpty(text))
                continue;
            try
            {
                levels[ModuleOf(variable)] = Severities.Read(variable, text);
            }
            catch (SettingsException fault)
            {
                faults.Add(fault.Message);
            }
        }
        return faults.Count == 0 ? levels : throw new SettingsException(faults);
    }

    /// <summary>Whether a module can have this name, written as <see cref="ScreamingSnake"/> makes it.</summary>
    public static bool IsModule(string name) => Module().IsMatch(name);

    private static string ModuleOf(string variable) =>
        !variable.StartsWith(Prefix, StringComparison.Ordinal) ? throw new SettingsException($"{variable}: the level of a module is {Prefix}{variable[(Everything.Length + 1)..]}, with two underscores")
        : !IsModule(variable[Prefix.Length..]) ? throw new SettingsException($"{variable}: no module has this name; a module is A_NAME or A_NAME__A_PART")
        : variable[Prefix.Length..];

    [GeneratedRegex("^[A-Z0-9]+(_[A-Z0-9]+)*(__[A-Z0-9]+(_[A-Z0-9]+)*)?$")]
    private static partial Regex Module();
}
