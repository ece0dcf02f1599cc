using EventRtc.EventStore;
using EventRtc.Streams;

namespace EventRtc.Projector;

/// <summary>Goes through one partition of Redis beside the log, from its first entry to the one that was the last when it began.</summary>
internal sealed class VerifyRedis
{
    private const int PageSize = 500;

    private readonly RedisClient redis;
    private readonly string key;
    private readonly string to;
    private readonly VerifyReport report;
    private readonly Queue<StreamEntry> page = [];
    private readonly List<(Position Position, string Stream, long Version)> missing = [];
    private string from = "-";

    private VerifyRedis(RedisClient redis, string key, string to, VerifyReport report) => (this.redis, this.key, this.to, this.report) = (redis, key, to, report);

    /// <summary>The first and the last position that are compared.</summary>
    private (long First, long Last) Range { get; set; } = (long.MaxValue, 0);

    public static async Task<VerifyRedis> Begin(RedisClient redis, string key, VerifyReport report, CancellationToken ct)
    {
        var last = (await redis.ExecuteAsync(["XREVRANGE", key, "+", "-", "COUNT", 1], ct)) is { Length: > 0 } found ? (string)found[0][0]! : null;
        var check = new VerifyRedis(redis, key, last ?? "0-0", report);
        if (last is not null && await check.Next(ct) is { } first)
            check.Range = (PositionOf(first), Parse(last));
        return check;
    }

    /// <summary>Compares the next event of this partition's streams.</summary>
    public async ValueTask Take(RecordedEvent e, CancellationToken ct)
    {
        var position = e.Position.Value;
        if (position < Range.First || position > Range.Last)
            return;
        while (await Next(ct) is { } entry && (PositionOf(entry) < position || !IsOurs(entry)))
            Extra(page.Dequeue());
        if (await Next(ct) is { } same && PositionOf(same) == position)
            Check(e, page.Dequeue());
        else
            missing.Add((e.Position, e.Stream.Value, e.Version));
    }

    /// <summary>Names what is left, and what is missing unless it was trimmed away meanwhile.</summary>
    public async Task End(CancellationToken ct)
    {
        while (await Next(ct) is not null)
            Extra(page.Dequeue());
        if (missing.Count == 0)
            return;
        var first = await redis.StreamRangeAsync(key, count: 1, ct: ct) is [var entry] ? PositionOf(entry) : long.MaxValue;
        foreach (var e in missing.Where(e => e.Position.Value > first))
            report.Add(FindingKinds.RedisMissing, $"{e.Position}", $"{key} has no entry for it; stream '{e.Stream}', version {e.Version}.");
    }

    private void Check(RecordedEvent e, StreamEntry entry)
    {
        report.Entries++;
        if (entry["data"].ToString() != e.Json || entry["hash"].ToString() != (e.Proof?.Hash ?? "")
            || entry["stream"].ToString() != e.Stream.Value || entry["version"].ToString() != $"{e.Version}" || entry["type"].ToString() != e.Type)
            report.Add(FindingKinds.RedisDiffers, $"{e.Position}", $"Entry {entry.Id} of {key} is not the event of the log.");
    }

    private void Extra(StreamEntry entry) =>
        report.Add(FindingKinds.RedisExtra, entry.Id, $"{key} has an entry that is no event of the log there.");

    private async ValueTask<StreamEntry?> Next(CancellationToken ct)
    {
        if (page.Count == 0 && from != "")
        {
            var read = await redis.StreamRangeAsync(key, from, to, PageSize, ct);
            foreach (var entry in read)
                page.Enqueue(entry);
            from = read.Count == 0 ? "" : $"({read[^1].Id}";
        }
        return page.TryPeek(out var next) ? next : null;
    }

    private static bool IsOurs(StreamEntry entry) => entry.Id.EndsWith("-0", StringComparison.Ordinal);

    private static long PositionOf(StreamEntry entry) => Parse(entry.Id);

    private static long Parse(string id) => long.Parse(id.AsSpan(0, id.IndexOf('-')));
}
