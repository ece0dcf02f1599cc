using System.Text.Json;

namespace EventRtc.EventStore;

/// <summary>Folds recorded events. One that an operator skipped is left out; one that cannot be decoded ends the fold.</summary>
public static class StreamFold
{
    /// <param name="events">Of one stream, in order, as <see cref="PostgresEventStore.ReadStream"/> gives them.</param>
    /// <exception cref="UndecodableEventException">An event cannot be decoded and was not skipped.</exception>
    public static TState Fold<TState, TEvent>(this IEnumerable<RecordedEvent> events, TState initial, Func<TState, TEvent, TState> evolve) where TEvent : class =>
        events.Where(e => !e.Skipped).Aggregate(initial, (state, e) => evolve(state, Decode<TEvent>(e)));

    private static TEvent Decode<TEvent>(RecordedEvent e) where TEvent : class
    {
        try
        {
            return e.Decode<TEvent>();
        }
        catch (Exception fault) when (fault is NotSupportedException or JsonException)
        {
            throw new UndecodableEventException(e, fault);
        }
    }
}

/// <summary>An event of an unknown type or with a broken body: what follows it in its stream has no known meaning. The message carries nothing of the body.</summary>
public sealed class UndecodableEventException(RecordedEvent e, Exception inner)
    : Exception($"version {e.Version} of {e.Stream} (position {e.Position}, type {e.Type}) {Reason(inner)}", inner)
{
    private static string Reason(Exception fault) => fault is NotSupportedException ? "is of a type that this program does not know" : "has a body that cannot be read";
}
