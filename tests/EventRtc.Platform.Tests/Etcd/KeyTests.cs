using EventRtc.Etcd;
using Xunit;

namespace EventRtc.Platform.Tests.Etcd;

public sealed class KeyTests(EtcdFixture etcd) : IClassFixture<EtcdFixture>
{
    private readonly string prefix = EtcdFixture.AnyPrefix();
    private EtcdClient Client => etcd.Client;

    [Fact]
    public async Task A_key_that_is_absent_is_null() => Assert.Null(await Client.Get(prefix + "none"));

    [Fact]
    public async Task A_key_reads_back_as_it_was_put()
    {
        var first = await Client.Put(prefix + "a", "one".Bytes());
        var second = await Client.Put(prefix + "a", "two".Bytes());

        var found = await Client.Get(prefix + "a");

        Assert.NotNull(found);
        Assert.Equal((prefix + "a", "two", first, second, 2L, 0L), (found.Value.Key, found.Value.ValueText(), found.Value.CreateRevision, found.Value.ModRevision, found.Value.Version, found.Value.Lease));
    }

    [Fact]
    public async Task An_empty_value_is_a_value()
    {
        await Client.Put(prefix + "a", ReadOnlyMemory<byte>.Empty);
        Assert.True((await Client.Get(prefix + "a"))!.Value.Value.IsEmpty);
    }

    [Fact]
    public async Task A_value_of_a_megabyte_passes_and_one_over_the_server_s_limit_is_refused()
    {
        var large = new byte[1_000_000];
        Random.Shared.NextBytes(large);
        await Client.Put(prefix + "large", large);
        Assert.Equal(large, (await Client.Get(prefix + "large"))!.Value.Value.ToArray());

        var refused = await Assert.ThrowsAsync<EtcdException>(() => Client.Put(prefix + "larger", new byte[1_600_000]));
        Assert.Equal((StatusCode.InvalidArgument, false), (refused.StatusCode, refused.MayHaveExecuted));
    }

    [Fact]
    public async Task Deleting_counts_what_was_there()
    {
        await Client.Put(prefix + "a", "1".Bytes());
        Assert.Equal(1, await Client.Delete(prefix + "a"));
        Assert.Equal(0, await Client.Delete(prefix + "a"));
        Assert.Null(await Client.Get(prefix + "a"));
    }

    [Fact]
    public async Task Deleting_a_prefix_leaves_its_neighbours()
    {
        foreach (var key in new[] { "rooms", "rooms/a", "rooms/b/c", "rooms0" })
            await Client.Put(prefix + key, "1".Bytes());

        Assert.Equal(2, await Client.DeletePrefix(prefix + "rooms/"));

        Assert.Equal([prefix + "rooms", prefix + "rooms0"], (await Client.List(prefix)).Items.Select(i => i.Key));
    }

    [Fact]
    public async Task A_listing_of_many_pages_is_of_one_moment()
    {
        var names = Enumerable.Range(0, 12_345).Select(i => $"{prefix}{i:d6}").ToArray();
        foreach (var some in names.Chunk(100))
            await Client.Commit(new Txn().Then(some.Select(name => Op.Put(name, name.Bytes()))));

        using var stop = new CancellationTokenSource();
        // Keys move from the first page to the last and back while the pages are read: a torn listing would hold one twice or lose it.
        var moving = Task.Run(async () =>
        {
            for (var at = 0; !stop.IsCancellationRequested; at ^= 1)
                await Client.Commit(new Txn().Then(Op.Delete($"{prefix}{(at == 0 ? "z" : "!")}"), Op.Put($"{prefix}{(at == 0 ? "!" : "z")}", "x".Bytes())));
        });
        for (var i = 0; i < 10; i++)
        {
            var listed = await Client.List(prefix);
            Assert.Equal(names, listed.Items.Select(item => item.Key).Where(key => key != prefix + "!" && key != prefix + "z"));
            Assert.Equal(i == 0 && listed.Items.Count == names.Length ? names.Length : names.Length + 1, listed.Items.Count);
            Assert.All(listed.Items, item => Assert.True(item.ModRevision <= listed.Revision));
        }
        await stop.CancelAsync();
        await moving;
    }

    [Fact]
    public async Task The_empty_prefix_means_every_key()
    {
        await Client.Put(prefix + "a", "1".Bytes());
        Assert.Contains((await Client.List("")).Items, item => item.Key == prefix + "a");
    }

    [Fact]
    public async Task Many_calls_at_once_share_the_client()
    {
        var revisions = await Task.WhenAll(Enumerable.Range(0, 500).Select(i => Client.Put($"{prefix}{i:d3}", i.ToString().Bytes())));
        Assert.Equal(500, revisions.Distinct().Count());
        Assert.Equal(Enumerable.Range(0, 500).Select(i => i.ToString()), (await Client.List(prefix)).Items.Select(item => item.ValueText()));
    }

    [Fact]
    public async Task A_caller_that_gives_up_gets_its_own_cancellation()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Client.Get(prefix, cancelled.Token));
    }
}
