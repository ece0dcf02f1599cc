namespace EventRtc.Reconciling;

/// <summary>What a reconciler asks for when it has closed the gap: to look at the key again after a while, or only when something new is known.</summary>
public readonly record struct Recheck
{
    private Recheck(TimeSpan? delay, bool idle = false) => (Delay, WasIdle) = (delay, idle);

    /// <summary>Not again, unless the key is scheduled.</summary>
    public static Recheck Never => default;

    /// <summary>Likewise, and nothing was done: the key is none of this process's.</summary>
    public static Recheck Idle => new(null, idle: true);

    /// <summary>Null: never.</summary>
    public TimeSpan? Delay { get; }

    public bool WasIdle { get; }

    /// <param name="delay">Zero or more.</param>
    public static Recheck After(TimeSpan delay)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        return new(delay);
    }
}
