using EventRtc.Hosting.Configuration;

namespace EventRtc.Local.Configuration;

/// <summary>What the options records still owe whoever reads about them.</summary>
public static class SettingsReview
{
    private static readonly string[] SecretWords = ["SECRET", "PASSWORD", "TOKEN", "KEY", "DSN"];

    /// <returns>A sentence for each fault; empty when all is well.</returns>
    public static IReadOnlyList<string> FaultsOf(IReadOnlyList<ProgramSettings> programs)
    {
        var settings = programs.SelectMany(program => program.Settings).ToList();
        return [.. settings.SelectMany(FaultsOf).Concat(settings.GroupBy(setting => setting.Name).SelectMany(Differing)).Distinct()];
    }

    private static IEnumerable<string> FaultsOf(SettingDescription setting)
    {
        if (!setting.Comment.EndsWith(setting.Facts, StringComparison.Ordinal))
            yield return $"The doc comment of {setting.Source} ({setting.Name}) must end with: {setting.Facts}";
        if (setting.Comment.Length <= setting.Facts.Length)
            yield return $"The doc comment of {setting.Source} ({setting.Name}) does not say what it is for.";
        if (!setting.Bounded)
            yield return $"{setting.Source} ({setting.Name}) has no [Range].";
        if (!setting.Secret && Array.Exists(SecretWords, word => setting.Name.EndsWith($"_{word}", StringComparison.Ordinal)))
            yield return $"{setting.Source} ({setting.Name}) looks like a secret and is not marked [DataType(DataType.Password)].";
    }

    private static IEnumerable<string> Differing(IGrouping<string, SettingDescription> setting) =>
        setting.DistinctBy(one => (one.Comment, one.Takes)).Count() == 1 ? [] : [$"{setting.Key} is described in different ways: {string.Join(", ", setting.Select(one => one.Source).Distinct())}"];
}
