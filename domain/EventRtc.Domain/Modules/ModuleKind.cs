using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventRtc.Domain;

/// <summary>What a module is; the words for it in addresses and streams are in <see cref="ModuleKinds"/>. Lower case in JSON.</summary>
[JsonConverter(typeof(ModuleKindJsonConverter))]
public enum ModuleKind
{
    /// <summary>Mixes a room's anchors.</summary>
    Janus,

    /// <summary>Makes a room's segments for listeners.</summary>
    Mixer,
}

/// <summary>Numbers are refused: the order of the names must never matter to what is stored.</summary>
public sealed class ModuleKindJsonConverter() : JsonStringEnumConverter<ModuleKind>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);

public static class ModuleKinds
{
    public static IReadOnlyList<ModuleKind> All { get; } = [ModuleKind.Janus, ModuleKind.Mixer];

    /// <summary>The family of its streams: <c>janus</c>, <c>mixer</c>.</summary>
    public static string Word(this ModuleKind kind) => kind is ModuleKind.Janus ? "janus" : "mixer";

    /// <summary>As addresses name all of them: <c>januses</c>, <c>mixers</c>.</summary>
    public static string Plural(this ModuleKind kind) => kind is ModuleKind.Janus ? "januses" : "mixers";

    /// <summary>The kind that addresses name so; null for any other word.</summary>
    public static ModuleKind? OfPlural(string? word) => All.Where(kind => kind.Plural() == word).Select(kind => (ModuleKind?)kind).FirstOrDefault();
}
