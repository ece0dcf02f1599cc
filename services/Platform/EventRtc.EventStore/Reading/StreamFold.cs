using System.Text.Json;

namespace EventRtc.EventStore;

/// <summary>Folds recorded events. One that cannot be decoded is left out when an operator skipped it, and ends the fold otherwise.</summary>
public static class StreamFold
{
    /// <param name="events">Of one stream, in order.</param>
    /// <exception cref="UndecodableEventException">An event cannot be decoded and was not skipped.</exception>
    public static async Task<TState> Fold<TState, TEvent>(
        this PostgresEventStore store, IEnumerable<RecordedEvent> events, TState initial, Func<TState, TEvent, TState> evolve, CancellationToken ct = default)
        where TEvent : class
    {
        var state = initial;
        HashSet<Position>? skipped = null;
        foreach (var e in events)
        {
            TEvent happened;
            try
            {
                happened = e.Decode<TEvent>();
            }
            catch (Exception fault) when (fault is NotSupportedException or JsonException)
            {
                skipped ??= [.. (await store.Parked.List(e.Stream, ct)).Where(parked => parked.SkippedAt is not null).Select(parked => parked.Position)];
                if (!skipped.Contains(e.Position))
                    throw new UndecodableEventException(e, fault);
                continue;
            }
            state = evolve(state, happened);
        }
        return state;
    }
}

/// <summary>An event of an unknown type or with a broken body: what follows it in its stream has no known meaning. The message carries nothing of the body.</summary>
public sealed class UndecodableEventException(RecordedEvent e, Exception inner)
    : Exception($"version {e.Version} of {e.Stream} (position {e.Position}, type {e.Type}) {Reason(inner)}", inner)
{
    private static string Reason(Exception fault) => fault is NotSupportedException ? "is of a type that this program does not know" : "has a body that cannot be read";
}
