using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace EventRtc.Domain;

/// <summary>What a decider answers to a command: the facts to record, perhaps none, or a refusal.</summary>
[SuppressMessage("Design", "CA1000", Justification = "A decider names its one event type once, and the rest is inferred.")]
public abstract record Decision<TEvent>
{
    private Decision() { }

    /// <summary>The command asks for what is so already: it succeeds, and nothing is recorded.</summary>
    public static Decision<TEvent> Nothing { get; } = new Accepted([]);

    /// <summary>All of the events, in this order, in one append.</summary>
    public static Decision<TEvent> All(params ReadOnlySpan<TEvent> events) => new Accepted([.. events]);

    public static implicit operator Decision<TEvent>(TEvent @event) => new Accepted([@event]);

    public static implicit operator Decision<TEvent>(Rejection why) => new Refused(why);

    public sealed record Accepted(ImmutableArray<TEvent> Events) : Decision<TEvent>
    {
        public bool Equals(Accepted? other) => other is not null && Events.SequenceEqual(other.Events);

        public override int GetHashCode() => Events.Aggregate(0, HashCode.Combine);

        public override string ToString() => Events.IsEmpty ? "Nothing" : string.Join(", ", Events);
    }

    public sealed record Refused(Rejection Why) : Decision<TEvent>;
}
