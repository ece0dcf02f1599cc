namespace EventRtc.Domain;

/// <summary>What a module is; the words for it in addresses and streams are in <see cref="ModuleKinds"/>.</summary>
public enum ModuleKind
{
    /// <summary>Mixes a room's anchors.</summary>
    Janus,

    /// <summary>Makes a room's segments for listeners.</summary>
    Mixer,
}

public static class ModuleKinds
{
    public static IReadOnlyList<ModuleKind> All { get; } = [ModuleKind.Janus, ModuleKind.Mixer];

    /// <summary>The family of its streams: <c>janus</c>, <c>mixer</c>.</summary>
    public static string Word(this ModuleKind kind) => kind is ModuleKind.Janus ? "janus" : "mixer";

    /// <summary>As addresses name all of them: <c>januses</c>, <c>mixers</c>.</summary>
    public static string Plural(this ModuleKind kind) => kind is ModuleKind.Janus ? "januses" : "mixers";
}
