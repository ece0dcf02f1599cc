using System.Text.RegularExpressions;
using EventRtc.Hosting.Configuration;

namespace EventRtc.Local.Configuration;

/// <summary>What <c>ops/configuration</c> writes: the page for people, and the list by which each service knows the settings of the others.</summary>
public static partial class ConfigurationFiles
{
    public const string Command = "ops/configuration";
    private const string Page = "docs/configuration.md";

    /// <summary>The files by their paths in the checkout, with what they are to hold.</summary>
    public static IReadOnlyDictionary<string, string> Of(IReadOnlyList<ProgramSettings> programs) => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [Page] = SettingsPage.Of(programs),
        [KnownSettings.ListFile] = List(programs),
    };

    /// <summary>Those that do not hold what they are to hold.</summary>
    public static IReadOnlyList<string> Outdated(IReadOnlyDictionary<string, string> files) =>
        [.. files.Where(file => !File.Exists(In(file.Key)) || File.ReadAllText(In(file.Key)) != file.Value).Select(file => file.Key)];

    public static void Write(IReadOnlyDictionary<string, string> files)
    {
        foreach (var (path, text) in files)
            File.WriteAllText(In(path), text);
    }

    private static string List(IReadOnlyList<ProgramSettings> programs) =>
        $"# Written by {Command}; not edited by hand.\n"
        + string.Concat(programs.SelectMany(program => program.Settings).Select(setting => Placeholder().Replace(setting.Name, "*")).Distinct().Order(StringComparer.Ordinal).Select(name => $"{name}\n"));

    private static string In(string path) => Path.Combine(Checkout.Root, path);

    [GeneratedRegex(@"\{.*\}")]
    private static partial Regex Placeholder();
}
