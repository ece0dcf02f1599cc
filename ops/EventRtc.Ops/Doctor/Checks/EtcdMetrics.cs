using System.Globalization;

namespace EventRtc.Ops.Doctor.Checks;

/// <summary>What a member tells only among its metrics, at <c>/metrics</c> of its address for clients. What it does not tell is null.</summary>
/// <param name="Quota">Bytes that its database may have.</param>
/// <param name="Size">Bytes that it has.</param>
/// <param name="Revisions">Changes that are kept, from the last compaction to now.</param>
internal sealed record EtcdMetrics(double? Quota, double? Size, double? Revisions)
{
    /// <summary>Half a million rooms that come and go: more than the hour's worth that is enough.</summary>
    public const double ManyRevisions = 10_000_000;

    /// <exception cref="HttpRequestException">It does not answer, or not with metrics.</exception>
    public static async Task<EtcdMetrics> Read(string endpoint, TimeSpan patience, CancellationToken ct)
    {
        using var http = new HttpClient { Timeout = patience };
        return Parse(await http.GetStringAsync(new Uri(new Uri(endpoint.Contains("://", StringComparison.Ordinal) ? endpoint : $"http://{endpoint}"), "/metrics"), ct));
    }

    public static EtcdMetrics Parse(string text)
    {
        var lines = text.Split('\n').Select(line => line.Split(' ')).Where(parts => parts.Length == 2).ToLookup(parts => parts[0], parts => parts[1], StringComparer.Ordinal);
        return new EtcdMetrics(
            Value("etcd_server_quota_backend_bytes"), Value("etcd_mvcc_db_total_size_in_bytes"), Value("etcd_debugging_mvcc_current_revision") - Value("etcd_debugging_mvcc_compact_revision"));

        double? Value(string name) => double.TryParse(lines[name].FirstOrDefault(), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;
    }
}
