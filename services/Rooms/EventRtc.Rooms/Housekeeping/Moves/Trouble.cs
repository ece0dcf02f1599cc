using EventRtc.Domain;

namespace EventRtc.Rooms.Housekeeping.Moves;

/// <summary>Why rooms are to leave a module; the graver, the earlier they are moved.</summary>
public enum Trouble
{
    /// <summary>It gives no sign of life.</summary>
    Gone,

    /// <summary>It says that it is unwell or stops, or was marked unready.</summary>
    Unstable,

    /// <summary>An operator empties it.</summary>
    Draining,

    /// <summary>It holds more rooms than it can: only the youngest have to leave.</summary>
    Overloaded,
}

/// <summary>A module as the rooms that it holds see it.</summary>
/// <param name="Trouble">Why all of them are to leave; null when they may stay.</param>
/// <param name="Capacity">How many may stay.</param>
public sealed record Standing(Trouble? Trouble, int Capacity)
{
    /// <summary>It gives no sign of life, and it is too early to say that it is gone: its rooms stay with it.</summary>
    public static Standing Missing { get; } = new(null, int.MaxValue);

    /// <param name="module">Null without a heartbeat.</param>
    /// <param name="gone">Whether a module without a heartbeat is known to be gone.</param>
    public static Standing Of(Candidate? module, bool gone) => module switch
    {
        null => gone ? new Standing(Moves.Trouble.Gone, 0) : Missing,
        { Healthy: true, Label: ModuleLabels.Draining or ModuleLabels.Drained } => new Standing(Moves.Trouble.Draining, 0),
        { IsStable: false } => new Standing(Moves.Trouble.Unstable, 0),
        _ => new Standing(null, module.Capacity),
    };
}
