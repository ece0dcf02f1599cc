using EventRtc.Streams;

namespace EventRtc.Projector;

/// <summary>
/// Trims the streams, now and then: what every consumer group has done with goes, except the last positions, which always stay for whoever wants to look.
/// A stream that a group has not read keeps all that the group still needs. Who comes later still reads the store, see <see cref="CatchUp"/>.
/// </summary>
public sealed class Retention(RedisClient redis, EventStreams streams, ProjectorOptions options, TimeProvider clock)
{
    // KEYS: the partitions. ARGV: how many positions behind the head always stay. One step, so that no group comes in between.
    private static readonly LuaScript TrimAll = LuaScript.Prepare(
        """
        local function position(id) return tonumber(string.match(id, '^%d+')) end
        local function fields(list)
          local found = {}
          for i = 1, #list, 2 do found[list[i]] = list[i + 1] end
          return found
        end

        local trimmed = 0
        for _, key in ipairs(KEYS) do
          if redis.call('EXISTS', key) == 1 then
            local keep = position(fields(redis.call('XINFO', 'STREAM', key))['last-generated-id']) - tonumber(ARGV[1]) + 1
            for _, group in ipairs(redis.call('XINFO', 'GROUPS', key)) do
              group = fields(group)
              keep = math.min(keep, position(group['last-delivered-id']) + 1)
              local lowest = redis.call('XPENDING', key, group['name'])[2]
              if lowest then keep = math.min(keep, position(lowest)) end
            end
            if keep > 1 then trimmed = trimmed + redis.call('XTRIM', key, 'MINID', string.format('%.0f-0', keep)) end
          end
        end
        return trimmed
        """);

    /// <summary>Runs until cancelled.</summary>
    /// <exception cref="RedisException">Redis is away: run it again.</exception>
    public async Task Run(CancellationToken ct)
    {
        while (true)
        {
            await Task.Delay(options.TrimInterval, clock, ct);
            await Trim(ct);
        }
    }

    /// <returns>How many entries went.</returns>
    public async Task<long> Trim(CancellationToken ct) => (long)await redis.ScriptEvaluateAsync(TrimAll, streams.Keys, [options.Retention], ct);
}
