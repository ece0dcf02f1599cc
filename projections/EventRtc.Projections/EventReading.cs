using System.Text.Json;

namespace EventRtc.Projections;

/// <summary>Reads events that may not be readable: of a type that this program does not know, or with a broken body.</summary>
public static class EventReading
{
    /// <summary>Why the event cannot be read, without a word of its body; null when it can.</summary>
    public static string? Fault<TEvent>(string type, ReadOnlySpan<byte> body, out TEvent? happened) where TEvent : class
    {
        happened = null;
        if (EventTypes.Of<TEvent>().Find(type) is null)
            return "This program knows no such event.";
        try
        {
            happened = (TEvent)EventTypes.Of<TEvent>().Decode(type, body);
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
