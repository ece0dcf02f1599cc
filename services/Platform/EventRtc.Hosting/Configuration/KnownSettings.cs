using System.Reflection;

namespace EventRtc.Hosting.Configuration;

/// <summary>Names of settings, and patterns that end with a star.</summary>
public sealed class KnownSettings(IEnumerable<string> names)
{
    /// <summary>The file that <c>ops/configuration</c> writes.</summary>
    public const string ListFile = "services/Platform/EventRtc.Hosting/Configuration/known-settings.txt";

    private const string Resource = "known-settings.txt";

    private readonly HashSet<string> exact = [.. names.Where(name => !name.EndsWith('*'))];
    private readonly string[] stems = [.. names.Where(name => name.EndsWith('*')).Select(name => name[..^1])];

    /// <summary>What any of our programs takes: a deployment may give all of them one set of variables, or one file.</summary>
    public static KnownSettings OfAllServices { get; } = new(ReadList());

    public KnownSettings With(IEnumerable<string> more) => new([.. exact, .. stems.Select(stem => $"{stem}*"), .. more]);

    public bool Contains(string variable) => exact.Contains(variable) || Array.Exists(stems, stem => variable.Length > stem.Length && variable.StartsWith(stem, StringComparison.Ordinal));

    /// <summary>What may have been meant; null when nothing is near.</summary>
    /// <param name="within">Letters that may be wrong, missing or too many.</param>
    public string? Nearest(string variable, int within) =>
        exact.Select(name => (name, distance: Distance(variable, name, within)))
            .Where(found => found.distance <= within)
            .OrderBy(found => found.distance).ThenBy(found => found.name, StringComparer.Ordinal)
            .Select(found => found.name).FirstOrDefault();

    /// <summary>Levenshtein's distance; more than <paramref name="limit"/> when the lengths already say so.</summary>
    private static int Distance(string one, string other, int limit)
    {
        if (Math.Abs(one.Length - other.Length) > limit)
            return limit + 1;
        int[] row = [.. Enumerable.Range(0, other.Length + 1)];
        for (var i = 1; i <= one.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (one[i - 1] == other[j - 1] ? 0 : 1)));
        }
        return row[^1];
    }

    private static IEnumerable<string> ReadList()
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource)!);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith('#'));
    }
}
