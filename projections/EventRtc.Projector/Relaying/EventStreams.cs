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

    /// <summary>The highest fence of a relay that has written. It is lost with the streams; then the comparison of last ids still keeps duplicates and holes out.</summary>
    private const string FenceKey = "rooms:events:fence";

    // KEYS: the partitions, then the fence. ARGV: fence, group, after, up to; then the events, see EventBatch.
    private static readonly LuaScript AppendBatch = LuaScript.Prepare(
        $$"""
        local a, partitions = ARGV, #KEYS - 1
        local highest = redis.call('GET', KEYS[#KEYS]) or '0'
        if tonumber(a[1]) < tonumber(highest) then return redis.error_reply('FENCED ' .. highest) end
        if a[1] ~= highest then redis.call('SET', KEYS[#KEYS], a[1]) end

        local after, upto = tonumber(a[3]), tonumber(a[4])
        local function position(id) return tonumber(string.match(id, '^%d+')) end
        local last, lowest = {}, nil
        for p = 1, partitions do
          if redis.call('EXISTS', KEYS[p]) == 0 then redis.call('XGROUP', 'CREATE', KEYS[p], a[2], '0', 'MKSTREAM') end
          local info = redis.call('XINFO', 'STREAM', KEYS[p])
          for i = 1, #info, 2 do
            if info[i] == 'last-generated-id' then last[p] = position(info[i + 1]) end
          end
          lowest = math.min(lowest or last[p], last[p])
        end
        if lowest < after then return lowest end

        local i, xadd = 5, redis.call
        for p = 1, partitions do
          local key, events, known = KEYS[p], tonumber(a[i]), last[p] > after
          i = i + 1
          for _ = 1, events do
            local extras = tonumber(a[i + 1])
            if not known or position(a[i]) > last[p] then
              xadd('XADD', key, a[i], {{string.Join(", ", EventEntry.Common.Select((name, at) => $"'{name}', a[i + {at + 2}]"))}}, unpack(a, i + {{EventEntry.Common.Count + 2}}, i + {{EventEntry.Common.Count + 1}} + extras))
            end
            i = i + {{EventEntry.Common.Count + 2}} + extras
          end
        end
        for p = 1, partitions do
          if last[p] < upto then redis.call('XSETID', KEYS[p], a[4] .. '-0') end
        end
        return math.max(lowest, upto)
        """);

    // KEYS: a partition. ARGV: group, its last delivered id, the one that takes its place.
    private static readonly LuaScript SetGroup = LuaScript.Prepare(
        """
        for _, group in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
          local found = {}
          for i = 1, #group, 2 do found[group[i]] = group[i + 1] end
          if found['name'] == ARGV[1] and found['last-delivered-id'] == ARGV[2] then redis.call('XGROUP', 'SETID', KEYS[1], ARGV[1], ARGV[3]) end
        end
        """);

    private static readonly LuaScript ReplaceFence = LuaScript.Prepare("if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('SET', KEYS[1], ARGV[2]) end");

    public IReadOnlyList<string> Keys { get; } = [.. Enumerable.Range(0, options.Partitions).Select(p => $"rooms:events:{p}")];

    public EventBatch NewBatch(Position after) => new(options.Partitions, after);

    /// <summary>
    /// Adds what follows in the store after a position; events that a stream has already are left out. Nothing is added when a stream ends before that position,
    /// because Redis lost what came between. So the next batch may be sent before this one is answered.
    /// </summary>
    /// <param name="fence">The relay's, see <see cref="EventRtc.Etcd.Leadership"/>.</param>
    /// <returns>Up to where all partitions hold the store's events: read on from there.</returns>
    /// <exception cref="FencedException">A later relay has written: stop.</exception>
    public async Task<Position> Append(long fence, EventBatch batch, CancellationToken ct)
    {
        try
        {
            return new Position((long)await redis.ScriptEvaluateAsync(
                AppendBatch, [.. Keys, FenceKey], [fence, Group, batch.After.Value, batch.Last.Value, .. batch.Arguments], ct));
        }
        catch (RedisServerException refused) when (refused.Code == "FENCED")
        {
            throw new FencedException(fence, long.Parse(refused.Message.Split(' ')[1]));
        }
    }

    /// <summary>Puts a lower fence in the place of the highest one, unless a relay has brought another one meanwhile.</summary>
    public Task LowerFence(long highest, long fence, CancellationToken ct) => redis.ScriptEvaluateAsync(ReplaceFence, [FenceKey], [highest, fence], ct);

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

    /// <summary>Where the group stands in each stream. The streams move on meanwhile.</summary>
    public async Task<IReadOnlyList<GroupPlace>> Places(CancellationToken ct) => await Task.WhenAll(Keys.Select(key => GroupPlace.Of(redis, key, ct)));

    /// <summary>Lets the group go on behind a position, unless it has moved on by itself.</summary>
    public Task MoveGroup(string key, Position from, Position to, CancellationToken ct) => from < to
        ? redis.ScriptEvaluateAsync(SetGroup, [key], [Group, EventEntry.IdOf(from), EventEntry.IdOf(to)], ct)
        : Task.CompletedTask;

    /// <summary>The partition that a stream's events are in.</summary>
    public string KeyOf(string stream) => Keys[Partition.Of(stream, options.Partitions)];

    public Task Acknowledge(string key, IReadOnlyList<string> entries, CancellationToken ct) => redis.StreamAcknowledgeAsync(key, Group, entries, ct);
}
