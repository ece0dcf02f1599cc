using System.Collections.Concurrent;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace EventRtc.Hosting.Configuration;

/// <summary>The summaries of our own code, from the XML files that lie beside the assemblies.</summary>
internal static partial class DocComments
{
    private static readonly ConcurrentDictionary<Assembly, IReadOnlyDictionary<string, XElement>> Files = new();

    /// <returns>Empty when there is none.</returns>
    public static string Of(Type type) => Of(type.Assembly, $"T:{NameOf(type)}", _ => null);

    /// <param name="name">How another property of the same record is called.</param>
    /// <inheritdoc cref="Of(Type)"/>
    public static string Of(PropertyInfo property, Func<string, string> name)
    {
        var record = $"P:{NameOf(property.DeclaringType!)}.";
        return Of(property.DeclaringType!.Assembly, $"{record}{property.Name}", cref => cref.StartsWith(record, StringComparison.Ordinal) ? name(cref[record.Length..]) : null);
    }

    private static string Of(Assembly assembly, string member, Func<string, string?> name) =>
        Files.GetOrAdd(assembly, Read).TryGetValue(member, out var summary) ? Space().Replace(string.Concat(summary.Nodes().Select(node => TextOf(node, name))), " ").Trim() : "";

    private static string TextOf(XNode node, Func<string, string?> name) => node switch
    {
        XText text => text.Value,
        XElement element when element.Attribute("cref")?.Value is { } cref => $"`{name(cref) ?? cref.Split('.')[^1]}`",
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement other => string.Concat(other.Nodes().Select(inner => TextOf(inner, name))),
        _ => "",
    };

    private static IReadOnlyDictionary<string, XElement> Read(Assembly assembly)
    {
        var file = Path.ChangeExtension(assembly.Location, ".xml");
        return File.Exists(file)
            ? XDocument.Load(file).Descendants("member").Where(member => member.Element("summary") is not null).ToDictionary(member => member.Attribute("name")!.Value, member => member.Element("summary")!)
            : new Dictionary<string, XElement>();
    }

    private static string NameOf(Type type) => type.FullName!.Replace('+', '.');

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
