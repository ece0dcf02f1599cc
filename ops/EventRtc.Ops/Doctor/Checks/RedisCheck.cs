using EventRtc.Streams;

namespace EventRtc.Ops.Doctor.Checks;

/// <summary>Redis answers, is new enough, takes writes, throws nothing away and keeps what it has.</summary>
internal static class RedisCheck
{
    /// <summary>Part of its memory limit above which it is only a matter of time.</summary>
    private const double NearlyFull = 0.9;

    /// <summary>Fields that say ok as long as Redis can write to its disk.</summary>
    private static readonly string[] Writing = ["aof_last_write_status", "aof_last_bgrewrite_status", "rdb_last_bgsave_status"];

    public static async Task Look(Report report, RedisClient redis, RedisOptions options, CancellationToken ct)
    {
        string text;
        try
        {
            text = (string?)await redis.ExecuteAsync(["INFO"], ct) ?? "";
        }
        catch (RedisException fault)
        {
            report.Fail("answer", fault.Message, "Is it running, and are REDIS_ADDR and REDIS_PASSWORD right? Events wait in the log meanwhile, and nobody can join or report.");
            return;
        }
        report.Ok("answer", options.Address);
        Judge(report, RedisInfo.Parse(text));
    }

    /// <summary>Pure.</summary>
    internal static void Judge(Report report, RedisInfo info)
    {
        var version = info["redis_version"] ?? "unknown";
        report.Demand(Minimums.Reaches(version, Minimums.Redis), "version", version, $"Update it: {Minimums.Redis} is the oldest that EventRtc is tested with.");
        report.Demand(info["role"] is "master", "role", info["role"] ?? "unknown", "REDIS_ADDR must name the primary: a replica takes no writes.");
        report.Demand(
            info["maxmemory_policy"] is "noeviction", "eviction", info["maxmemory_policy"] ?? "unknown",
            "Set maxmemory-policy noeviction: with any other policy a full Redis throws away streams, locks and presence without a word.");
        Memory(report, info);
        Persistence(report, info);
    }

    private static void Memory(Report report, RedisInfo info)
    {
        var (used, most) = (info.Number("used_memory"), info.Number("maxmemory"));
        var seen = most == 0 ? $"{Size.Text(used)} used, no limit" : $"{Size.Text(used)} of {Size.Text(most)} used";
        if (most > 0 && used > NearlyFull * most)
            report.Warn("memory", seen, "Raise maxmemory: a full Redis refuses writes, and events wait in the log. PROJECTOR_RETENTION says how many the streams keep.");
        else
            report.Ok("memory", seen);
    }

    private static void Persistence(Report report, RedisInfo info)
    {
        var broken = Writing.Where(name => info[name] is not (null or "ok")).ToList();
        if (broken.Count > 0)
            report.Fail("persistence", $"cannot write to its disk: {string.Join(", ", broken.Select(name => $"{name} is {info[name]}"))}", "Look at its log and its disk: Redis soon refuses all writes.");
        else if (info["aof_enabled"] is not "1")
            report.Warn("persistence", "no append-only file: a restart loses what Redis has", "Set appendonly yes. Without it the events come back from the log, and who is connected has to come back.");
        else
            report.Ok("persistence", "append-only file");
    }
}
