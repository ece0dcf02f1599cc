namespace EventRtc.Projections;

/// <summary>
/// What a room's events make of it, as far as they can be read: the fold stops at the first event that does not decode, unless an operator has skipped that one,
/// and the room is degraded from there on. So the views are a function of the events and of what was skipped, whoever folds and from where.
/// </summary>
public sealed class RoomFold(RoomViews views, long version)
{
    public RoomFold() : this(RoomViews.Empty, 0) { }

    public RoomViews Views { get; private set; } = views;

    /// <summary>The last event that the views show, or that was left out; 0 before the first.</summary>
    public long Version { get; private set; } = version;

    public bool Degraded => Views.Degraded is not null;

    /// <summary>Takes the next event of the room; nothing happens once the room is degraded.</summary>
    /// <param name="skipped">The event is left out, by an operator's decision.</param>
    public void Take(long position, long version, string type, ReadOnlySpan<byte> body, bool skipped = false)
    {
        if (Degraded)
            return;
        RoomEvent? happened = null;
        if (!skipped && EventReading.Fault(type, body, out happened) is { } reason)
        {
            Views = Views with { Degraded = new DegradedView(position, version, type, reason) };
            return;
        }
        Version = version;
        if (happened is not null)
            Views = Views.Apply(happened);
    }
}
