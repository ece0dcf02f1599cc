namespace EventRtc.Hosting.Configuration;

/// <summary>A file of settings, flattened: nested keys become the names of variables.</summary>
internal static class SettingsFile
{
    /// <exception cref="SettingsException">It cannot be read, or gives one setting twice; the message names file and line.</exception>
    public static IReadOnlyList<FileSetting> Read(string path)
    {
        var file = Path.GetFileName(path);
        var settings = Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".yaml" or ".yml" => YamlSettings.Read(file, TextOf(path)),
            ".json" => JsonSettings.Read(file, TextOf(path)),
            var other => throw new SettingsException($"{path}: a file of settings ends in .yaml, .yml or .json, not in '{other}'"),
        };
        return settings.GroupBy(setting => setting.Variable).FirstOrDefault(same => same.Count() > 1) is { } twice
            ? throw new SettingsException($"{twice.Key}: is given twice, by {string.Join(" and ", twice.Select(setting => $"{setting.Key} ({setting.Place})"))}")
            : settings;
    }

    /// <summary>Ends with the whole of what a message may say: it must not repeat what stands in the file, which may be a secret.</summary>
    public static SettingsException Unreadable(string file, long line, string why) => new($"{file}, line {line}: {why}");

    private static string TextOf(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"{path}: cannot be read ({fault.Message})");
        }
    }
}
