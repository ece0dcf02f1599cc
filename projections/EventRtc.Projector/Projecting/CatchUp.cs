using System.Runtime.CompilerServices;
using EventRtc.EventStore;
using EventRtc.Streams;

namespace EventRtc.Projector;

/// <summary>
/// Finds what the projectors' group has not done and the streams no longer hold: they were trimmed, and the group is new, or lost its place, or was away for too long.
/// The store still has it.
/// </summary>
public sealed class CatchUp(EventStreams streams, PostgresEventStore store, ProjectorOptions options)
{
    /// <summary>
    /// The last event of each room that lies in such a gap: with it a projection finds that it lacks those before. When all were taken, the group stands behind the gap.
    /// </summary>
    public async IAsyncEnumerable<RedisStream> Read([EnumeratorCancellation] CancellationToken ct)
    {
        var gaps = (await streams.Places(ct)).Where(place => place.Done < place.TrimmedTo).ToDictionary(place => place.Key);
        if (gaps.Count == 0)
            yield break;
        foreach (var missed in (await LastEvents(gaps, ct)).GroupBy(e => streams.KeyOf(e.Stream.Value)))
            foreach (var batch in missed.Chunk(options.BatchSize))
                yield return new RedisStream(missed.Key, [.. batch.Select(EventEntry.Of)]);
        foreach (var place in gaps.Values)
            await streams.MoveGroup(place.Key, place.Delivered, place.TrimmedTo, ct);
    }

    private async Task<ICollection<RecordedEvent>> LastEvents(Dictionary<string, GroupPlace> gaps, CancellationToken ct)
    {
        var last = new Dictionary<string, RecordedEvent>(StringComparer.Ordinal);
        var end = gaps.Values.Max(place => place.TrimmedTo);
        await foreach (var batch in store.ReadLog(gaps.Values.Min(place => place.Done), ct: ct))
        {
            using var _ = batch;
            foreach (var row in batch.Rows)
                if (gaps.TryGetValue(streams.KeyOf(row.Stream), out var place) && row.Position > place.Done && row.Position <= place.TrimmedTo)
                    last[row.Stream] = row.ToEvent();
            if (batch.Rows[^1].Position >= end)
                break;
        }
        return last.Values;
    }
}
