namespace EventRtc.Chaos.Checks;

/// <summary>
/// What <c>eventrtc verify</c> finds: positions in order, versions without gaps, hashes that fit, Redis and etcd as the log says. And Redis has all of it: no run is
/// as long as what the streams keep.
/// </summary>
internal static class LogAndStreams
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public static Task Check(Stores stores, Record record, CancellationToken ct) => Settling.Within(Limit, record, "after the settling", async () =>
    {
        var report = await stores.Verify.Run(ct: ct);
        var findings = report.Findings.Select(finding => $"{finding.Kind} {finding.Where}: {finding.What}").ToList();
        if (report.Entries < report.Events)
            findings.Add($"redis_missing: Redis has {report.Entries} of the log's {report.Events} events");
        return findings;
    });
}
