using System.Collections.Frozen;

namespace EventRtc.Hosting.Logging;

/// <summary>Which level each module has: the most specific one that is set, which is the module's own, its parent's, the one for all, and else info.</summary>
public sealed class LogLevels
{
    /// <summary>The name that stands for all modules.</summary>
    public const string All = "";

    internal const string HealthChecks = "Microsoft.HealthChecks";

    /// <summary>What the framework says of every request is for whoever asks for it: at least these, unless the module or its parent is set.</summary>
    private static readonly FrozenDictionary<string, Severity> Quiet = new Dictionary<string, Severity>
    {
        [ScreamingSnake.Of(HealthChecks)] = Severity.Fatal,
        ["MICROSOFT"] = Severity.Warn,
        ["SYSTEM"] = Severity.Warn,
    }.ToFrozenDictionary();

    private readonly FrozenDictionary<string, Severity> set;

    /// <param name="layers">Levels by names as <see cref="ScreamingSnake"/> makes them; a later layer goes before an earlier one where both name the same.</param>
    public LogLevels(params IEnumerable<IReadOnlyDictionary<string, Severity>> layers)
    {
        var merged = new Dictionary<string, Severity>();
        foreach (var (name, level) in layers.SelectMany(layer => layer))
            merged[name] = level;
        set = merged.ToFrozenDictionary();
    }

    /// <summary>The least grave lines that this module writes.</summary>
    public Severity Of(string module)
    {
        var name = ScreamingSnake.Of(module);
        var parent = name.Split(ScreamingSnake.LevelSeparator)[0];
        if (set.TryGetValue(name, out var level) || set.TryGetValue(parent, out level))
            return level;
        var all = set.GetValueOrDefault(All, Severity.Info);
        return Quiet.TryGetValue(name, out var quiet) || Quiet.TryGetValue(parent, out quiet) ? (Severity)Math.Max((int)quiet, (int)all) : all;
    }

    /// <summary><c>all warn, RESOURCE_MGR debug</c></summary>
    public override string ToString() => string.Join(", ", set.Where(one => one.Key is not All).OrderBy(one => one.Key, StringComparer.Ordinal)
        .Select(one => Text(one.Key, one.Value)).Prepend(Text("all", set.GetValueOrDefault(All, Severity.Info))));

    private static string Text(string name, Severity level) => $"{name} {$"{level}".ToLowerInvariant()}";
}
