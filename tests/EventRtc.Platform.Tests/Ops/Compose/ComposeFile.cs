using System.Text.RegularExpressions;
using EventRtc.Local;
using YamlDotNet.RepresentationModel;

namespace EventRtc.Platform.Tests.Ops.Compose;

/// <summary>docker-compose.yml as docker reads it, with its <c>&lt;&lt;</c> merged; what its variables come to is left open.</summary>
internal sealed partial class ComposeFile
{
    private const string Merge = "<<";
    private readonly YamlMappingNode top;

    private ComposeFile(string text)
    {
        Text = text;
        var yaml = new YamlStream();
        yaml.Load(new StringReader(text));
        top = (YamlMappingNode)yaml.Documents[0].RootNode;
        Services = Section("services").ToDictionary(one => one.Key, one => new ComposeService(one.Key, Merged((YamlMappingNode)one.Value)), StringComparer.Ordinal);
    }

    public string Text { get; }

    public IReadOnlyDictionary<string, ComposeService> Services { get; }

    public IEnumerable<string> Volumes => Section("volumes").Keys;

    /// <summary>Every <c>${NAME}</c>, with what follows the name: <c>:-default</c>.</summary>
    public IEnumerable<(string Name, string Default)> Variables => Variable().Matches(Text).Select(one => (one.Groups[1].Value, one.Groups[2].Value));

    public static ComposeFile Read() => new(File.ReadAllText(PathOf("docker-compose.yml")));

    public static string PathOf(string file) => Path.Combine(Checkout.Root, file);

    private Dictionary<string, YamlNode> Section(string name) => Merged((YamlMappingNode)top[name]);

    /// <summary>What stands in a mapping itself comes before what it merges, and of that the first.</summary>
    internal static Dictionary<string, YamlNode> Merged(YamlMappingNode mapping)
    {
        var all = mapping.Children.Where(one => TextOf(one.Key) is not Merge).ToDictionary(one => TextOf(one.Key), one => one.Value, StringComparer.Ordinal);
        foreach (var merged in mapping.Children.Where(one => TextOf(one.Key) is Merge).SelectMany(one => one.Value is YamlSequenceNode many ? many.Children : [one.Value]))
            foreach (var (key, value) in Merged((YamlMappingNode)merged))
                all.TryAdd(key, value);
        return all;
    }

    internal static string TextOf(YamlNode node) => ((YamlScalarNode)node).Value ?? "";

    [GeneratedRegex(@"\$\{([A-Z0-9_]+)(:?-[^${}]*)?")]
    private static partial Regex Variable();
}

/// <summary>One service of the file.</summary>
internal sealed class ComposeService(string name, Dictionary<string, YamlNode> settings)
{
    public string Name => name;

    public bool Has(string setting) => settings.ContainsKey(setting);

    /// <summary>One scalar, by its path; null when it is not there.</summary>
    public string? Value(params IReadOnlyList<string> path) => Find(path) is YamlScalarNode scalar ? scalar.Value : null;

    /// <summary>Every entry of a list; none when it is not there.</summary>
    public IReadOnlyList<string> List(params IReadOnlyList<string> path) => Find(path) is YamlSequenceNode many ? [.. many.Children.Select(ComposeFile.TextOf)] : [];

    public IReadOnlyDictionary<string, YamlNode> Map(params IReadOnlyList<string> path) =>
        Find(path) is YamlMappingNode mapping ? ComposeFile.Merged(mapping) : new Dictionary<string, YamlNode>(StringComparer.Ordinal);

    /// <summary>What is set in its environment.</summary>
    public IReadOnlyDictionary<string, string> Environment => Map("environment").ToDictionary(one => one.Key, one => ComposeFile.TextOf(one.Value), StringComparer.Ordinal);

    public override string ToString() => name;

    private YamlNode? Find(IReadOnlyList<string> path)
    {
        YamlNode? at = settings.GetValueOrDefault(path[0]);
        foreach (var step in path.Skip(1))
            at = at is YamlMappingNode mapping ? ComposeFile.Merged(mapping).GetValueOrDefault(step) : null;
        return at;
    }
}
