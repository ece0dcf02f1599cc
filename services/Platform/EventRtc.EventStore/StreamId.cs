namespace EventRtc.EventStore;

/// <summary>The name of one aggregate's events: category, hyphen, id, as in <c>room-lobby</c>.</summary>
public readonly record struct StreamId
{
    public StreamId(string value)
    {
        if (value.IndexOf('-') is var hyphen && (hyphen < 1 || hyphen == value.Length - 1))
            throw new ArgumentException($"'{value}' is not a stream id of the form category-id.", nameof(value));
        Value = value;
    }

    private StreamId(string value, bool _) => Value = value;

    /// <summary>As it stands in the store, where another program may have written names of any form.</summary>
    public static StreamId Stored(string value) => new(value, false);

    public string Value { get; }

    /// <summary>What stands before the first hyphen: <c>room</c>; all of a name without one. Marten keeps it as the stream's aggregate alias.</summary>
    public string Category => Value.IndexOf('-') is var hyphen and >= 0 ? Value[..hyphen] : Value;

    public override string ToString() => Value;
}
