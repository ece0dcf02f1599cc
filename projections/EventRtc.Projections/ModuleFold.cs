namespace EventRtc.Projections;

/// <summary>
/// What a module's events make of it, as far as they can be read: the fold stops at the first event that does not decode, unless an operator has skipped that one.
/// </summary>
public sealed class ModuleFold
{
    public ModuleState State { get; private set; } = ModuleDecider.Initial;

    /// <summary>The last event that was folded, or that was left out; 0 before the first.</summary>
    public long Version { get; private set; }

    /// <summary>The event at which the fold stopped; null when there is none.</summary>
    public DegradedView? Fault { get; private set; }

    /// <summary>Takes the next event of the module; nothing happens behind one that could not be read.</summary>
    /// <param name="skipped">The event is left out, by an operator's decision.</param>
    public void Take(long position, long version, string type, ReadOnlySpan<byte> body, bool skipped)
    {
        if (Fault is not null)
            return;
        ModuleEvent? happened = null;
        if (!skipped && EventReading.Fault(type, body, out happened) is { } reason)
        {
            Fault = new DegradedView(position, version, type, reason);
            return;
        }
        Version = version;
        if (happened is not null)
            State = ModuleDecider.Evolve(State, happened);
    }
}
