using EventRtc.Etcd;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventRtc.Ops.Doctor.Checks;

/// <summary>Each member of etcd answers, is new enough, has a leader and no alarm.</summary>
internal static class EtcdCheck
{
    public static async Task Look(Report report, EtcdOptions options, CancellationToken ct)
    {
        var answers = await Task.WhenAll(options.Endpoints.Select(endpoint => Member(report.Part(), options, endpoint, ct)));
        foreach (var (endpoint, fault) in options.Endpoints.Zip(answers).Where(pair => pair.Second is not null))
            if (answers.Contains(null))
                report.Warn(endpoint, fault!, "Bring this member back: the others go on as long as they are the majority.");
            else
                report.Fail(endpoint, fault!, "Is it running, and are ETCD_ENDPOINTS, ETCD_USERNAME and ETCD_PASSWORD right? Rooms on air go on meanwhile; none can be started or moved.");
    }

    /// <returns>Why it does not answer; null when it does.</returns>
    private static async Task<string?> Member(Report report, EtcdOptions options, string endpoint, CancellationToken ct)
    {
        await using var etcd = new EtcdClient(options with { Endpoints = [endpoint] }, NullLogger<EtcdClient>.Instance);
        try
        {
            Judge(report, endpoint, await etcd.Status(ct), await etcd.Alarms(ct));
            return null;
        }
        catch (EtcdException fault)
        {
            return fault.Message;
        }
    }

    /// <summary>Pure.</summary>
    internal static void Judge(Report report, string endpoint, EtcdStatus status, IReadOnlyList<string> alarms)
    {
        report.Demand(Minimums.Reaches(status.Version, Minimums.Etcd), $"{endpoint} version", status.Version, $"Update it: {Minimums.Etcd} is the oldest that EventRtc is tested with.");
        report.Demand(status.HasLeader, $"{endpoint} leader", status.HasLeader ? "has one" : "has none", "Most members are away or cut off from each other: bring them back.");
        var wrong = status.Errors.Concat(alarms).Distinct(StringComparer.Ordinal).ToList();
        report.Demand(
            wrong.Count == 0, $"{endpoint} alarms", wrong.Count == 0 ? "none" : string.Join(", ", wrong),
            alarms.Contains("NOSPACE")
                ? "It is full and takes no writes: etcdctl compact, etcdctl defrag, then etcdctl alarm disarm; raise --quota-backend-bytes and set --auto-compaction-retention 1h."
                : "Look at its log. CORRUPT: replace the member by an empty one; what lies under /rooms/ can be had again with 'eventrtc rebuild'.");
    }
}
