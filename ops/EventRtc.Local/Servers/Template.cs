using System.Text.RegularExpressions;

namespace EventRtc.Local.Servers;

/// <summary>A configuration file kept under ops/ with {{name}} where a value goes.</summary>
internal static partial class Template
{
    /// <summary>Fills an embedded template and writes it when that changes anything.</summary>
    /// <exception cref="KeyNotFoundException">The template names a value that is not given.</exception>
    public static void Write(string template, string file, IReadOnlyDictionary<string, string> values)
    {
        using var reader = new StreamReader(typeof(Template).Assembly.GetManifestResourceStream(template)
            ?? throw new FileNotFoundException($"No template {template}"));
        File.WriteAllText(file, Hole().Replace(reader.ReadToEnd(), hole => values[hole.Groups[1].Value]));
    }

    [GeneratedRegex(@"\{\{(\w+)\}\}")]
    private static partial Regex Hole();
}
