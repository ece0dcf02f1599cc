using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace EventRtc.Hosting.Configuration;

/// <summary>Settings in YAML: mappings of mappings, whose ends are texts, lists of texts or nothing. A text counts as it is written: <c>10s</c>, <c>true</c>, <c>007</c>.</summary>
internal static class YamlSettings
{
    /// <exception cref="SettingsException">It is not YAML of this kind; the message names file and line.</exception>
    public static IReadOnlyList<FileSetting> Read(string file, string text)
    {
        var stream = new YamlStream();
        var scanner = new Scanner(new StringReader(text));
        try
        {
            stream.Load(new Parser(scanner));
        }
        catch (Exception fault) // the scanner has other exceptions as well for what it cannot read
        {
            throw SettingsFile.Unreadable(file, fault is YamlException { Start: var start } ? start.Line : scanner.CurrentPosition.Line, "this is not YAML");
        }
        return stream.Documents switch
        {
            [] => [],
            [var only] when IsNothing(only.RootNode) => [],
            [var only] => [.. Below([], only.RootNode, file)],
            [_, var second, ..] => throw SettingsFile.Unreadable(file, second.RootNode.Start.Line, "a second document begins; one is read"),
        };
    }

    private static IEnumerable<FileSetting> Below(IReadOnlyList<string> path, YamlNode node, string file)
    {
        if (node is not YamlMappingNode mapping)
            throw SettingsFile.Unreadable(file, node.Start.Line, "settings are keys with values");
        foreach (var (name, value) in mapping.Children)
        {
            IReadOnlyList<string> key = [.. path, TextOf(name, file)];
            if (key.Count > SettingKeys.Deepest)
                throw SettingsFile.Unreadable(file, name.Start.Line, "nested too deep");
            if (value is YamlMappingNode)
                foreach (var setting in Below(key, value, file))
                    yield return setting;
            else
                yield return new(SettingKeys.Variable(key), string.Join('.', key), ValueOf(value, file), file, (int)name.Start.Line);
        }
    }

    private static string? ValueOf(YamlNode value, string file) => value switch
    {
        _ when IsNothing(value) => null,
        YamlSequenceNode list => string.Join(',', list.Children.Select(item => ItemOf(item, file))),
        _ => TextOf(value, file),
    };

    private static string ItemOf(YamlNode item, string file) => TextOf(item, file) is var text && text.Contains(',', StringComparison.Ordinal)
        ? throw SettingsFile.Unreadable(file, item.Start.Line, "an item of a list holds no comma")
        : text;

    private static string TextOf(YamlNode node, string file) =>
        node is YamlScalarNode { Value: { } text } ? text : throw SettingsFile.Unreadable(file, node.Start.Line, "here stands a text or a number");

    private static bool IsNothing(YamlNode node) => node is YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "~" or "null" };
}
