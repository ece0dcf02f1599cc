using EventRtc.EventStore;
using EventRtc.Streams;

namespace EventRtc.Projector;

/// <summary>Events that follow one another in the store, as arguments of the script that appends them.</summary>
/// <param name="partitions">How many there are.</param>
/// <param name="after">The position before the first of them.</param>
public sealed class EventBatch(int partitions, Position after)
{
    private readonly (List<RedisValue> Values, int Events)[] parts = [.. Enumerable.Range(0, partitions).Select(_ => (new List<RedisValue>(), 0))];

    public Position After { get; } = after;

    /// <summary>The last one's position; <see cref="After"/> when there is none.</summary>
    public Position Last { get; private set; } = after;

    /// <summary>
    /// Of each partition: the number of its events, and of each of them its entry id, how many values follow those that all have, and the values,
    /// see <see cref="EventEntry"/>.
    /// </summary>
    public IEnumerable<RedisValue> Arguments => parts.SelectMany(part => part.Values.Prepend(part.Events));

    public EventBatch Add(IEnumerable<RecordedEvent> events)
    {
        foreach (var e in events)
        {
            var values = Begin(e.Stream.Value, e.Position);
            var begin = values.Count;
            EventEntry.Write(values, e);
            End(values, begin);
        }
        return this;
    }

    /// <summary>Rows are kept as they are: dispose them after the batch was appended.</summary>
    public EventBatch Add(IEnumerable<LogRow> rows)
    {
        foreach (var row in rows)
        {
            var values = Begin(row.Stream, row.Position);
            var begin = values.Count;
            EventEntry.Write(values, row);
            End(values, begin);
        }
        return this;
    }

    private List<RedisValue> Begin(string stream, Position position)
    {
        Last = position;
        ref var part = ref parts[Partition.Of(stream, parts.Length)];
        part.Events++;
        part.Values.AddRange([EventEntry.IdOf(position), 0]);
        return part.Values;
    }

    private static void End(List<RedisValue> values, int begin) => values[begin - 1] = values.Count - begin - EventEntry.Common.Count;
}
