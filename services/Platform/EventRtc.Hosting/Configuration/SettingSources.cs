using System.Collections;
using Microsoft.Extensions.Configuration;

namespace EventRtc.Hosting.Configuration;

/// <summary>
/// What was given, by the names of variables: the environment; beneath it <c>config.yaml</c>, or the file that APP_CONFIG_FILE names; beneath that <c>appsettings.json</c>.
/// What is empty counts as not given.
/// </summary>
/// <param name="Environment">All variables of the process, by their exact names.</param>
/// <param name="InFiles">What files give, the most telling file first.</param>
public sealed record SettingSources(IReadOnlyDictionary<string, string> Environment, IReadOnlyList<FileSetting> InFiles)
{
    public const string FileVariable = "APP_CONFIG_FILE";
    private const string Yaml = "config.yaml";
    private const string Json = "appsettings.json";

    /// <summary>Nothing is given: every setting has its default.</summary>
    public static SettingSources None { get; } = new(new Dictionary<string, string>(), []);

    /// <summary>A service's sources: its environment and the files in its working directory.</summary>
    /// <exception cref="SettingsException">A file cannot be read; the message names file and line.</exception>
    public static SettingSources OfProcess() => Read(Directory.GetCurrentDirectory(), Variables());

    /// <summary>A tool's sources, which may run in anybody's folder: its environment, and a file only when it is named.</summary>
    /// <inheritdoc cref="OfProcess"/>
    public static SettingSources OfEnvironment() => Read(folder: null, Variables());

    /// <param name="folder">Where the files may lie; null to look for none but the named one.</param>
    /// <inheritdoc cref="OfProcess"/>
    public static SettingSources Read(string? folder, IReadOnlyDictionary<string, string> environment)
    {
        var named = environment.GetValueOrDefault(FileVariable) is { Length: > 0 } path ? path : null;
        if (named is not null && !File.Exists(named))
            throw new SettingsException($"{FileVariable}: there is no file '{named}'");
        string?[] files = [named ?? Optional(folder, Yaml), Optional(folder, Json)];
        FileSetting[] found = [.. files.OfType<string>().SelectMany(SettingsFile.Read)];
        return Array.Find(found, setting => setting.Variable == FileVariable) is { } inside
            ? throw new SettingsException($"{FileVariable}: stands in the environment only, not in a file ({inside.Place})")
            : new SettingSources(environment, found);
    }

    /// <returns>Null when it is given nowhere.</returns>
    public GivenSetting? Find(string variable) =>
        Environment.GetValueOrDefault(variable) is { Length: > 0 } text ? new GivenSetting(text)
        : InFiles.FirstOrDefault(setting => setting.Variable == variable && !string.IsNullOrEmpty(setting.Text)) is { } inFile ? new GivenSetting(inFile.Text!, inFile.Place)
        : null;

    /// <summary>The same for what reads <see cref="IConfiguration"/>; there a double underscore is a colon.</summary>
    public void CopyTo(IConfigurationBuilder configuration)
    {
        configuration.Sources.Clear();
        foreach (var file in InFiles.GroupBy(setting => setting.File).Reverse())
            configuration.AddInMemoryCollection(file.Select(setting => KeyValuePair.Create(setting.Variable.Replace("__", ":", StringComparison.Ordinal), setting.Text)));
        configuration.AddEnvironmentVariables();
    }

    private static string? Optional(string? folder, string name) => folder is not null && Path.Combine(folder, name) is var path && File.Exists(path) ? path : null;

    private static Dictionary<string, string> Variables() =>
        System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "", StringComparer.Ordinal);
}
