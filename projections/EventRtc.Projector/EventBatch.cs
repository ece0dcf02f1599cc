using EventRtc.EventStore;
using EventRtc.Streams;

namespace EventRtc.Projector;

/// <summary>Events that follow one another in the store, as arguments of the script that appends them.</summary>
/// <param name="partitions">How many there are.</param>
/// <param name="after">The position before the first of them.</param>
public sealed class EventBatch(int partitions, Position after)
{
    private readonly List<RedisValue> arguments = [];

    public Position After { get; } = after;

    /// <summary>The last one's position; <see cref="After"/> when there is none.</summary>
    public Position Last { get; private set; } = after;

    /// <summary>Of each event: its partition, from 1; its position; how many values follow those that all have; and the values, see <see cref="EventEntry"/>.</summary>
    public IReadOnlyList<RedisValue> Arguments => arguments;

    public EventBatch Add(IEnumerable<RecordedEvent> events)
    {
        foreach (var e in events)
        {
            var begin = Begin(e.Stream.Value, e.Position);
            EventEntry.Write(arguments, e);
            End(begin);
        }
        return this;
    }

    /// <summary>Rows are kept as they are: dispose them after the batch was appended.</summary>
    public EventBatch Add(IEnumerable<LogRow> rows)
    {
        foreach (var row in rows)
        {
            var begin = Begin(row.Stream, row.Position);
            EventEntry.Write(arguments, row);
            End(begin);
        }
        return this;
    }

    private int Begin(string stream, Position position)
    {
        Last = position;
        arguments.AddRange([Partition.Of(stream, partitions) + 1, position.Value, 0]);
        return arguments.Count;
    }

    private void End(int begin) => arguments[begin - 1] = arguments.Count - begin - EventEntry.Common.Count;
}
