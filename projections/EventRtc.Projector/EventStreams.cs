using System.Runtime.CompilerServices;
using EventRtc.EventStore;
using EventRtc.Streams;

namespace EventRtc.Projector;

/// <summary>
/// The fan-out in Redis: <c>rooms:events:{p}</c>, each event in one partition by its stream. All partitions' last ids move on together, so that
/// the lowest of them says up to where the store has been handed on: the relays keep no checkpoint of their own.
/// </summary>
public sealed class EventStreams(RedisClient redis, ProjectorOptions options)
{
    /// <summary>The projectors' consumer group.</summary>
    public const string Group = "projector";

    // KEYS: the partitions. ARGV: group, after, up to; then for each event its partition, its position, the number of its fields and values, and those.
    private static readonly LuaScript AppendBatch = LuaScript.Prepare(
        """
        local after, upto = tonumber(ARGV[2]), tonumber(ARGV[3])
        local last, lowest = {}, nil
        for p, key in ipairs(KEYS) do
          if redis.call('EXISTS', key) == 0 then
            redis.call('XGROUP', 'CREATE', key, ARGV[1], '0', 'MKSTREAM')
          end
          local info = redis.call('XINFO', 'STREAM', key)
          for i = 1, #info, 2 do
            if info[i] == 'last-generated-id' then last[p] = tonumber(string.match(info[i + 1], '^%d+')) end
          end
          lowest = math.min(lowest or last[p], last[p])
        end
        if lowest < after then return lowest end

        local i = 4
        while i <= #ARGV do
          local p, position, n = tonumber(ARGV[i]), ARGV[i + 1], tonumber(ARGV[i + 2])
          if tonumber(position) > last[p] then redis.call('XADD', KEYS[p], position .. '-0', unpack(ARGV, i + 3, i + 2 + n)) end
          i = i + 3 + n
        end
        for p, key in ipairs(KEYS) do
          if last[p] < upto then redis.call('XSETID', key, ARGV[3] .. '-0') end
        end
        return math.max(lowest, upto)
        """);

    public IReadOnlyList<string> Keys { get; } = [.. Enumerable.Range(0, options.Partitions).Select(p => $"rooms:events:{p}")];

    /// <summary>
    /// Adds what follows in the store after a position; events that a stream has already are left out. Nothing is added when a stream ends before that position,
    /// because Redis lost what came between.
    /// </summary>
    /// <returns>Up to where all partitions hold the store's events: read on from there.</returns>
    public async Task<Position> Append(Position after, IReadOnlyList<RecordedEvent> batch, CancellationToken ct)
    {
        List<RedisValue> arguments = [Group, after.Value, batch is [.., var last] ? last.Position.Value : after.Value];
        foreach (var e in batch)
        {
            var fields = EventEntry.Write(e);
            arguments.AddRange([PartitionOf(e.Stream) + 1, e.Position.Value, fields.Count, .. fields]);
        }
        return new Position((long)await redis.ScriptEvaluateAsync(AppendBatch, Keys, arguments, ct));
    }

    /// <summary>Makes the group where a stream, or Redis itself, is new; it begins with the first event.</summary>
    public Task CreateGroups(CancellationToken ct) =>
        Task.WhenAll(Keys.Select(key => redis.StreamCreateConsumerGroupAsync(key, Group, StreamPosition.Beginning, createStream: true, ct)));

    /// <summary>Events that no consumer has got yet; waits for them.</summary>
    public Task<IReadOnlyList<RedisStream>> ReadNew(string consumer, TimeSpan block, CancellationToken ct) =>
        redis.StreamReadGroupAsync(
            Group, consumer, [.. Keys.Select(key => new StreamPosition(key, StreamPosition.NewMessages))], options.BatchSize, block, ct);

    /// <summary>Events that the consumer has got and not acknowledged, after an entry.</summary>
    public Task<IReadOnlyList<RedisStream>> ReadOwn(string consumer, IReadOnlyList<StreamPosition> after, CancellationToken ct) =>
        redis.StreamReadGroupAsync(Group, consumer, after, options.BatchSize, block: null, ct);

    /// <summary>Events that some consumer got and has left lying, batch by batch; they are this consumer's from now on.</summary>
    public async IAsyncEnumerable<RedisStream> ReadAbandoned(string consumer, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var key in Keys)
        {
            var next = StreamPosition.Beginning;
            do
            {
                var claimed = await redis.StreamAutoClaimAsync(key, Group, consumer, options.ReclaimAfter, next, options.BatchSize, ct);
                next = claimed.NextStartId;
                yield return new RedisStream(key, claimed.ClaimedEntries);
            }
            while (next != StreamPosition.Beginning);
        }
    }

    public Task Acknowledge(string key, IReadOnlyList<string> entries, CancellationToken ct) => redis.StreamAcknowledgeAsync(key, Group, entries, ct);

    /// <summary>FNV-1a, which any consumer computes in three lines.</summary>
    internal int PartitionOf(StreamId stream) =>
        (int)(stream.Value.Aggregate(2166136261u, (hash, letter) => (hash ^ letter) * 16777619u) % (uint)options.Partitions);
}
