using EventRtc.Etcd;
using EventRtc.Local;
using Xunit;

namespace EventRtc.Platform.Tests.Etcd;

public sealed class LeaseTests(EtcdFixture etcd) : IClassFixture<EtcdFixture>
{
    private readonly string key = EtcdFixture.AnyPrefix() + "key";
    private EtcdClient Client => etcd.Client;

    [Fact]
    public async Task A_key_dies_with_its_lease()
    {
        var lease = await Client.GrantLease(TimeSpan.FromSeconds(1));
        await Client.Put(key, "1".Bytes(), lease);
        Assert.Equal(lease, (await Client.Get(key))!.Value.Lease);

        await Eventually.True(async () => await Client.Get(key) is null, TimeSpan.FromSeconds(10), "the lease runs out");
        Assert.False(await Client.KeepAlive(lease));
    }

    [Fact]
    public async Task A_lease_that_is_renewed_outlives_its_time()
    {
        var lease = await Client.GrantLease(TimeSpan.FromSeconds(3)); // longer than a busy machine stalls
        await Client.Put(key, "1".Bytes(), lease);
        var started = TimeProvider.System.GetTimestamp();

        await Eventually.True(
            async () =>
            {
                Assert.True(await Client.KeepAlive(lease));
                return TimeProvider.System.GetElapsedTime(started) > TimeSpan.FromSeconds(7);
            },
            TimeSpan.FromSeconds(30),
            "more than twice its time has passed");
        Assert.NotNull(await Client.Get(key));
    }

    [Fact]
    public async Task A_lease_tells_how_long_it_lasts_until_it_has_ended()
    {
        var lease = await Client.GrantLease(TimeSpan.FromSeconds(100));

        Assert.InRange((await Client.TimeToLive(lease))!.Value.TotalSeconds, 70, 100);
        await Client.RevokeLease(lease);
        Assert.Null(await Client.TimeToLive(lease));
    }

    [Fact]
    public async Task Revoking_deletes_the_keys_at_once()
    {
        var lease = await Client.GrantLease(TimeSpan.FromSeconds(60));
        await Client.Put(key, "1".Bytes(), lease);

        Assert.True(await Client.RevokeLease(lease));

        Assert.Null(await Client.Get(key));
        Assert.False(await Client.RevokeLease(lease));
    }

    [Fact]
    public async Task A_key_cannot_be_put_under_a_lease_that_is_gone()
    {
        var refused = await Assert.ThrowsAsync<EtcdException>(() => Client.Put(key, "1".Bytes(), lease: 4711));
        Assert.Equal((StatusCode.NotFound, false), (refused.StatusCode, refused.MayHaveExecuted));
    }

    [Fact]
    public async Task A_lease_shorter_than_a_second_is_refused_here() =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Client.GrantLease(TimeSpan.FromMilliseconds(500)));
}
