using EventRtc.Projections;

namespace EventRtc.Chaos.Checks;

/// <summary>
/// etcd shows of every room what its events make of it, soon after the last fault: by a list of etcd and a fold of the log, and, for what is kept beside the views, by a dry run of the product's own rebuild.
/// </summary>
internal static class ViewsRight
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public static Task<TimeSpan> Check(Stores stores, Record record, CancellationToken ct) => Settling.Within(Limit, record, "after the last fault", async () =>
    {
        var wrong = (await stores.Rebuild.Run(dryRun: true, ct: ct)).Keys.Select(key => $"{key.Key} is not what the log makes of it; it would have to be {key.What}");
        return [.. wrong, .. await Listed(stores, ct)];
    });

    private static async Task<IEnumerable<string>> Listed(Stores stores, CancellationToken ct)
    {
        var wanted = (await LogAtRest.Read(stores, ct)).Rooms();
        var shown = RoomViews.Read(stores.Keys, (await stores.Etcd.List(stores.Keys.Prefix, ct)).Items.Select(item => (item.Key, item.Value)));
        return wanted.Keys.Union(shown.Keys)
            .Where(room => wanted.GetValueOrDefault(room, RoomViews.Empty) != shown.GetValueOrDefault(room, RoomViews.Empty))
            .Select(room => $"{room} is not what the log makes of it");
    }
}
