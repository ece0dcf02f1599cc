using EventRtc.Etcd;
using Xunit;

namespace EventRtc.Platform.Tests.Etcd;

public sealed class TxnTests(EtcdFixture etcd) : IClassFixture<EtcdFixture>
{
    private readonly string key = EtcdFixture.AnyPrefix() + "key";
    private EtcdClient Client => etcd.Client;

    [Fact]
    public async Task A_key_is_created_once()
    {
        Task<TxnResult> Create() => Client.Commit(new Txn().If(Compare.Absent(key)).Then(Op.Put(key, "1".Bytes())));

        Assert.True((await Create()).Succeeded);
        Assert.False((await Create()).Succeeded);
    }

    [Fact]
    public async Task A_value_is_replaced_only_when_it_is_the_expected_one()
    {
        await Client.Put(key, "1".Bytes());
        Task<TxnResult> Replace() => Client.Commit(new Txn().If(Compare.Value(key).Is("1".Bytes())).Then(Op.Put(key, "2".Bytes())).Else(Op.Get(key)));

        Assert.True((await Replace()).Succeeded);
        var second = await Replace();

        Assert.False(second.Succeeded);
        Assert.Equal("2", Assert.Single(Assert.Single(second.Responses).Items).ValueText());
    }

    [Fact]
    public async Task An_absent_key_equals_no_value_not_even_an_empty_one() =>
        Assert.False((await Client.Commit(new Txn().If(Compare.Value(key).Is(ReadOnlyMemory<byte>.Empty)))).Succeeded);

    [Fact]
    public async Task A_revision_guards_against_a_change_meanwhile()
    {
        var revision = await Client.Put(key, "1".Bytes());
        Assert.True((await Client.Commit(new Txn().If(Compare.ModRevision(key, revision)).Then(Op.Put(key, "2".Bytes())))).Succeeded);
        Assert.False((await Client.Commit(new Txn().If(Compare.ModRevision(key, revision)).Then(Op.Put(key, "3".Bytes())))).Succeeded);
        Assert.Equal("2", (await Client.Get(key))!.Value.ValueText());
    }

    [Fact]
    public async Task Operations_answer_in_their_order_and_share_a_revision()
    {
        var prefix = EtcdFixture.AnyPrefix();
        await Client.Put(prefix + "old", "1".Bytes());

        var done = await Client.Commit(new Txn().Then(Op.Range(prefix), Op.Put(prefix + "a", "1".Bytes()), Op.Put(prefix + "b", "2".Bytes()), Op.DeletePrefix(prefix + "old"), Op.Get(prefix + "a")));

        Assert.Equal([1, 0, 0, 0, 1], done.Responses.Select(r => r.Items.Count));
        Assert.Equal([0, 0, 0, 1, 0], done.Responses.Select(r => r.Deleted));
        Assert.All((await Client.List(prefix)).Items, item => Assert.Equal(done.Revision, item.ModRevision));
    }

    [Fact]
    public async Task Changing_a_key_twice_is_refused_and_changes_nothing()
    {
        var refused = await Assert.ThrowsAsync<EtcdException>(() => Client.Commit(new Txn().Then(Op.Put(key, "1".Bytes()), Op.Put(key, "2".Bytes()))));
        Assert.Equal((StatusCode.InvalidArgument, false), (refused.StatusCode, refused.MayHaveExecuted));
        Assert.Null(await Client.Get(key));
    }

    [Fact]
    public async Task Of_many_increments_at_once_none_is_lost()
    {
        async Task Increment()
        {
            while (true)
            {
                var found = await Client.Get(key);
                var next = (found is { } item ? int.Parse(item.ValueText()) + 1 : 1).ToString().Bytes();
                if ((await Client.Commit(new Txn().If(Compare.ModRevision(key, found?.ModRevision ?? 0)).Then(Op.Put(key, next)))).Succeeded)
                    return;
            }
        }

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Increment()));

        Assert.Equal("50", (await Client.Get(key))!.Value.ValueText());
    }
}
