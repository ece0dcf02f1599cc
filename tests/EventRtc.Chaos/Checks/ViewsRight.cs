namespace EventRtc.Chaos.Checks;

/// <summary>etcd shows of every room what its events make of it, soon after the last fault.</summary>
internal static class ViewsRight
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public static Task<TimeSpan> Check(Stores stores, Record record, CancellationToken ct) => Settling.Within(Limit, record, "after the last fault", async () =>
    {
        var missing = await stores.Rebuild.Run(dryRun: true, ct: ct);
        return [.. missing.Keys.Select(key => $"{key.Key} is not what the log makes of it; it would have to be {key.What}")];
    });
}
