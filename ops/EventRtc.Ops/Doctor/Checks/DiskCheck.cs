using EventRtc.Etcd;
using EventRtc.EventStore;

namespace EventRtc.Ops.Doctor.Checks;

/// <summary>Whoever writes has space: mixers for segments, PostgreSQL for the log, etcd below its quota. Redis tells of its disk itself, see <see cref="RedisCheck"/>.</summary>
internal static class DiskCheck
{
    /// <summary>Parts of etcd's quota.</summary>
    private const double NearlyFull = 0.7, Full = 0.9;

    /// <summary>Bytes that are left to PostgreSQL; a thousand events take about one MiB.</summary>
    private const double Little = 5.0 * 1024 * 1024 * 1024, VeryLittle = Little / 5;

    /// <summary>The mixers' line on their health page.</summary>
    private const string Line = "disk";

    public static Task Look(Report report, PostgresEventStore store, EtcdOptions etcd, IReadOnlyList<ServiceDoor> mixers, TimeSpan patience, TimeProvider clock, CancellationToken ct) => Task.WhenAll(
        [
            OfPostgres(report.Part(), store, ct),
            .. etcd.Endpoints.Select(endpoint => OfEtcd(report.Part(), etcd, endpoint, patience, ct)),
            .. mixers.Select(door => OfMixer(report.Part(), door, clock, ct)),
        ]);

    private static async Task OfPostgres(Report report, PostgresEventStore store, CancellationToken ct)
    {
        try
        {
            var server = await store.Inspect(ct);
            var size = $"the log's database has {Size.Text(server.DatabaseSize)}";
            if (server.DataFolder is { } folder && Directory.Exists(folder) && new DriveInfo(folder) is { TotalSize: > 0 } drive)
                Grade(report, "postgres", drive.AvailableFreeSpace < VeryLittle, drive.AvailableFreeSpace < Little, $"{size}, {Size.Text(drive.AvailableFreeSpace)} are free on its disk", "Give PostgreSQL more disk: the log only grows, and without it nothing is accepted.");
            else
                report.Ok("postgres", $"{size}; what is free on its disk can only be told on its own machine");
        }
        catch (Exception fault) when (fault is EventStoreUnavailableException or IOException or UnauthorizedAccessException)
        {
            report.Skip("postgres", fault is EventStoreUnavailableException ? fault.Message : "its disk cannot be looked at from here");
        }
    }

    private static async Task OfEtcd(Report report, EtcdOptions options, string endpoint, TimeSpan patience, CancellationToken ct)
    {
        var about = $"etcd at {endpoint}";
        try
        {
            var metrics = await EtcdMetrics.Read(endpoint, patience, ct);
            if (metrics is { Quota: { } quota, Size: { } size })
                Grade(report, about, size > Full * quota, size > NearlyFull * quota, $"{Size.Text(size)} of its quota of {Size.Text(quota)} are used", "etcdctl defrag gives back what was compacted; raise --quota-backend-bytes and set --auto-compaction-retention 1h. A full etcd takes no writes.");
            else
                report.Skip(about, "it does not tell its quota");
            if (metrics.Revisions > EtcdMetrics.ManyRevisions)
                report.Warn($"{about} history", $"{metrics.Revisions:N0} changes are kept", "Set --auto-compaction-mode periodic and --auto-compaction-retention 1h: nothing here needs older ones, and they fill its quota.");
        }
        catch (Exception fault) when (Reach.Explains(fault, ct))
        {
            report.Skip(about, $"its metrics cannot be read: it {Reach.Why(fault)}");
        }
    }

    private static async Task OfMixer(Report report, ServiceDoor door, TimeProvider clock, CancellationToken ct)
    {
        try
        {
            var page = await door.Health(clock, ct);
            if (page.Bad.FirstOrDefault(IsDisk) is { } low)
                report.Fail(door.Name, low, "Free space below MIXER_WORK_DIR: this mixer gets no rooms, and those it had are moved.");
            else if (page.Good.FirstOrDefault(IsDisk) is { } well)
                report.Ok(door.Name, well);
            else
                report.Skip(door.Name, "says nothing of its disk");
        }
        catch (Exception fault) when (Reach.Explains(fault, ct))
        {
            report.Skip(door.Name, Reach.Why(fault));
        }
    }

    private static bool IsDisk(string line) => line.StartsWith(Line, StringComparison.Ordinal);

    private static void Grade(Report report, string about, bool fails, bool warns, string seen, string next)
    {
        if (fails)
            report.Fail(about, seen, next);
        else if (warns)
            report.Warn(about, seen, next);
        else
            report.Ok(about, seen);
    }
}
