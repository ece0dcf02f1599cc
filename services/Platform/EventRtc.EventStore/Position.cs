namespace EventRtc.EventStore;

/// <summary>An event's place in the order of all events, from 1 upwards. Positions become visible in order; one that a crash left out is never filled later.</summary>
public readonly record struct Position(long Value) : IComparable<Position>
{
    /// <summary>Before the first event.</summary>
    public static Position Start => default;

    public int CompareTo(Position other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString();

    public static bool operator <(Position left, Position right) => left.Value < right.Value;
    public static bool operator >(Position left, Position right) => left.Value > right.Value;
    public static bool operator <=(Position left, Position right) => left.Value <= right.Value;
    public static bool operator >=(Position left, Position right) => left.Value >= right.Value;
}
