using EventRtc.Etcd;
using EventRtc.Local;
using Xunit;

namespace EventRtc.Platform.Tests.Etcd;

public sealed class WatchTests(EtcdFixture etcd) : IClassFixture<EtcdFixture>
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);
    private readonly string prefix = EtcdFixture.AnyPrefix();
    private EtcdClient Client => etcd.Client;

    [Fact]
    public async Task A_watch_says_that_it_is_open_and_then_reports_what_happens()
    {
        await using var watch = new Watching(Client, prefix);
        Assert.Empty((await watch.Next()).Events);

        var put = await Client.Put(prefix + "a", "1".Bytes());
        var first = Assert.Single((await watch.Next()).Events);
        Assert.Equal((prefix + "a", "1", put, false), (first.Item.Key, first.Item.ValueText(), first.Item.ModRevision, first.Deleted));

        await Client.Delete(prefix + "a");
        var second = Assert.Single((await watch.Next()).Events);
        Assert.Equal((prefix + "a", put + 1, true), (second.Item.Key, second.Item.ModRevision, second.Deleted));
    }

    [Fact]
    public async Task A_watch_of_deletions_hears_of_no_write()
    {
        await Client.Put(prefix + "a", "1".Bytes());
        await using var watch = new Watching(Client.WatchDeletions(prefix));
        Assert.Empty((await watch.Next()).Events);

        await Client.Put(prefix + "a", "2".Bytes());
        await Client.Commit(new Txn().Then(Op.Put(prefix + "b", "1".Bytes()), Op.Delete(prefix + "a")));

        var gone = Assert.Single((await watch.Next()).Events);
        Assert.Equal((prefix + "a", true), (gone.Item.Key, gone.Deleted));
    }

    [Fact]
    public async Task Neighbours_of_the_prefix_are_not_reported()
    {
        await using var watch = new Watching(Client, prefix + "a/");
        await watch.Next();
        await Client.Put(prefix + "a", "1".Bytes());
        await Client.Put(prefix + "a0", "1".Bytes());
        await Client.Put(prefix + "a/b", "1".Bytes());
        Assert.Equal(prefix + "a/b", Assert.Single((await watch.Next()).Events).Item.Key);
    }

    [Fact]
    public async Task A_watch_from_a_revision_reports_it_and_all_after_it()
    {
        var first = await Client.Put(prefix + "a", "1".Bytes());
        await Client.Put(prefix + "b", "2".Bytes());
        await using var watch = new Watching(Client, prefix, first);
        await watch.Next();
        Assert.Equal([prefix + "a", prefix + "b"], (await watch.Events(2)).Select(e => e.Item.Key));
    }

    [Fact]
    public async Task The_changes_of_one_transaction_arrive_together()
    {
        await using var watch = new Watching(Client, prefix);
        await watch.Next();
        await Client.Commit(new Txn().Then(Enumerable.Range(0, 100).Select(i => Op.Put($"{prefix}{i}", new byte[5_000]))));
        Assert.Equal(100, (await watch.Next()).Events.Count);
    }

    [Fact]
    public async Task Resuming_at_the_last_event_s_revision_plus_one_loses_and_repeats_nothing_under_load()
    {
        const int Writers = 8, Openings = 10;
        var end = prefix + "end";
        var opened = 0;
        var next = (await Client.Put(prefix + "start", "".Bytes())) + 1;
        var writing = Write();

        var seen = new List<WatchEvent>();
        while (!Complete())
        {
            await using var watch = new Watching(Client, prefix, next);
            Interlocked.Increment(ref opened);
            await watch.Next();
            for (var batches = Random.Shared.Next(1, 4); batches > 0 && !Complete(); batches--)
                seen.AddRange((await watch.Next()).Events);
            next = seen[^1].Item.ModRevision + 1;
        }

        var written = await writing;
        Assert.Equal(seen.Select(e => e.Item.ModRevision).Distinct().Order(), seen.Select(e => e.Item.ModRevision));
        Assert.All(Enumerable.Range(0, Writers), writer => Assert.Equal(
            Enumerable.Range(0, written[writer]).Select(i => $"{i}"), seen.Where(e => e.Item.Key == $"{prefix}{writer}").Select(e => e.Item.ValueText())));

        bool Complete() => seen is [.., var last] && last.Item.Key == end;

        // However slow the machine is, it does not stop before the watch was opened often enough.
        async Task<int[]> Write()
        {
            var counts = await Task.WhenAll(Enumerable.Range(0, Writers).Select(async writer =>
            {
                var count = 0;
                while (Volatile.Read(ref opened) < Openings)
                    await Client.Put($"{prefix}{writer}", $"{count++}".Bytes());
                return count;
            }));
            await Client.Put(end, "".Bytes());
            return counts;
        }
    }

    [Fact]
    public async Task A_watch_from_a_compacted_revision_asks_for_a_new_listing()
    {
        var first = await Client.Put(prefix + "a", "1".Bytes());
        await Client.Put(prefix + "a", "2".Bytes());
        var last = await Client.Put(prefix + "a", "3".Bytes());
        await Client.Compact(last);

        await using var watch = new Watching(Client, prefix, first);
        var compacted = await Assert.ThrowsAsync<EtcdCompactedException>(() => watch.Events(1));

        Assert.True(compacted.CompactRevision >= last);
        await using var after = new Watching(Client, prefix, (await Client.List(prefix)).Revision + 1);
        await after.Next();
        await Client.Put(prefix + "a", "4".Bytes());
        Assert.Equal("4", Assert.Single(await after.Events(1)).Item.ValueText());
    }

    [Fact]
    public async Task A_watch_ends_with_its_token_and_leaves_nothing_open_on_the_server()
    {
        await using var client = EtcdFixture.Connect(etcd.Server.Address);
        var before = await etcd.OpenWatches();
        for (var i = 0; i < 20; i++)
        {
            using var stop = new CancellationTokenSource();
            var watch = client.Watch(prefix, ct: stop.Token).GetAsyncEnumerator();
            await watch.MoveNextAsync();
            var next = watch.MoveNextAsync();
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await next);
            await watch.DisposeAsync();
        }
        await Eventually.True(async () => await etcd.OpenWatches() <= before, Soon, "the server has closed the watches");
    }

    [Fact]
    public async Task Disposing_the_client_ends_its_watches()
    {
        var client = EtcdFixture.Connect(etcd.Server.Address);
        await using var watch = new Watching(client, prefix);
        await watch.Next();
        var next = watch.Next();
        await client.DisposeAsync();
        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<EtcdException>(() => next)).StatusCode);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.Get(prefix));
    }
}
