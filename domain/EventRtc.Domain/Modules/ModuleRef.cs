namespace EventRtc.Domain;

/// <summary>One module among all: a Janus and a mixer may have the same id.</summary>
public readonly record struct ModuleRef(ModuleKind Kind, ModuleId Id)
{
    /// <summary>As addresses name it: <c>januses/janus-1</c>.</summary>
    public override string ToString() => $"{Kind.Plural()}/{Id}";
}
