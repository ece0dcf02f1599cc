namespace EventRtc.Domain;

/// <summary>
/// Facts about one module, kept for ever in the stream <c>janus-{id}</c> or <c>mixer-{id}</c>: a field never changes its meaning; a new shape is a new record
/// under a new name.
/// </summary>
public abstract record ModuleEvent
{
    private ModuleEvent() { }

    public abstract ModuleKind Kind { get; init; }

    public abstract ModuleId Module { get; init; }

    /// <summary>When the command was given, by the clock of the service that took it.</summary>
    public abstract DateTimeOffset At { get; init; }

    /// <summary>From now on rooms are placed by this mark, in the place of any other.</summary>
    /// <param name="Label">One of <see cref="ModuleLabels"/>.</param>
    /// <param name="Until">When the mark ends by itself, without another event; null: never.</param>
    [Event("module_marked")]
    public sealed record ModuleMarked(ModuleKind Kind, ModuleId Module, string Label, DateTimeOffset At, DateTimeOffset? Until = null) : ModuleEvent;

    /// <summary>The module has no mark any more.</summary>
    [Event("module_mark_removed")]
    public sealed record ModuleMarkRemoved(ModuleKind Kind, ModuleId Module, DateTimeOffset At) : ModuleEvent;
}
