using System.Text.Json;

namespace EventRtc.Projections;

/// <summary>
/// What a room's events make of it, as far as they can be read: the fold stops at the first event that does not decode, unless an operator has skipped that one,
/// and the room is degraded from there on. So the views are a function of the events and of what was skipped, whoever folds and from where.
/// </summary>
public sealed class RoomFold(RoomViews views, long version)
{
    private static readonly EventTypes Types = EventTypes.Of<RoomEvent>();

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
        if (!skipped && Fault(type, body, out happened) is { } reason)
        {
            Views = Views with { Degraded = new DegradedView(position, version, type, reason) };
            return;
        }
        Version = version;
        if (happened is not null)
            Views = Views.Apply(happened);
    }

    /// <summary>Why the event cannot be read, without a word of its body; null when it can.</summary>
    public static string? Fault(string type, ReadOnlySpan<byte> body, out RoomEvent? happened)
    {
        happened = null;
        if (Types.Find(type) is null)
            return "This program knows no such event of a room.";
        try
        {
            happened = (RoomEvent)Types.Decode(type, body);
            return null;
        }
        catch (JsonException fault)
        {
            return $"The body is not that of such an event, at {fault.Path ?? "$"}.";
        }
        catch (Exception fault) when (fault is NotSupportedException or FormatException or ArgumentException or InvalidOperationException)
        {
            return $"The body is not that of such an event ({fault.GetType().Name}).";
        }
    }
}
