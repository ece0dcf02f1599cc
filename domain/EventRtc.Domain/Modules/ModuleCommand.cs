namespace EventRtc.Domain;

/// <summary>
/// What somebody wants of a module. Values are checked where they enter; shapes as in <see cref="ModuleEvent"/>. A module need not be there: it may be marked before
/// it comes. Every command may be repeated: the repeat records nothing.
/// </summary>
public abstract record ModuleCommand
{
    /// <summary>The longest time that a mark with an end may hold.</summary>
    public static readonly TimeSpan LongestTtl = TimeSpan.FromDays(1);

    private ModuleCommand() { }

    public abstract ModuleKind Kind { get; init; }

    public abstract ModuleId Module { get; init; }

    /// <summary>The time of the service that took the command; the decider has no clock of its own.</summary>
    public abstract DateTimeOffset At { get; init; }

    /// <param name="Ttl">How long the mark holds, up to <see cref="LongestTtl"/>; zero: without an end.</param>
    public sealed record MarkModule(ModuleKind Kind, ModuleId Module, string Label, TimeSpan Ttl, DateTimeOffset At) : ModuleCommand
    {
        public DateTimeOffset? Until => Ttl == TimeSpan.Zero ? null : At + Ttl;
    }

    public sealed record RemoveMark(ModuleKind Kind, ModuleId Module, DateTimeOffset At) : ModuleCommand;

    /// <summary>The module holds no room any more. Says nothing unless it is draining: the operator may have thought better of it meanwhile.</summary>
    public sealed record ReportDrained(ModuleKind Kind, ModuleId Module, DateTimeOffset At) : ModuleCommand;
}
