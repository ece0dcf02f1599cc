namespace EventRtc.Domain;

/// <summary>What the events of one module's stream amount to.</summary>
public abstract record ModuleState
{
    private ModuleState() { }

    public sealed record Unmarked : ModuleState;

    /// <param name="Label">One of <see cref="ModuleLabels"/>.</param>
    /// <param name="At">Since when.</param>
    /// <param name="Until">When the mark ends by itself; null: never.</param>
    public sealed record Marked(string Label, DateTimeOffset At, DateTimeOffset? Until) : ModuleState
    {
        /// <summary>How long it had to hold when it was given; zero: without an end.</summary>
        public TimeSpan Ttl => Until - At ?? TimeSpan.Zero;
    }

    /// <summary>The mark that holds at a time; null when there is none, or it has ended.</summary>
    public Marked? MarkAt(DateTimeOffset at) => this is Marked mark && !(mark.Until <= at) ? mark : null;
}
