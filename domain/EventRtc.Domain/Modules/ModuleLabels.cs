namespace EventRtc.Domain;

/// <summary>The words that a module can be marked with.</summary>
public static class ModuleLabels
{
    /// <summary>Takes rooms, as one without a mark does.</summary>
    public const string Ready = "ready";

    /// <summary>Keeps its rooms and takes no more.</summary>
    public const string Cordon = "cordon";

    /// <summary>Its rooms are moved away one by one.</summary>
    public const string Draining = "draining";

    /// <summary>It was draining and holds no room any more.</summary>
    public const string Drained = "drained";

    /// <summary>Not to be trusted with rooms; those it has are moved away.</summary>
    public const string Unready = "unready";

    public static IReadOnlyList<string> All { get; } = [Ready, Cordon, Draining, Drained, Unready];
}
