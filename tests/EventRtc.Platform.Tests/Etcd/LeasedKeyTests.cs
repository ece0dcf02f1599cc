using System.Diagnostics;
using EventRtc.Etcd;
using EventRtc.Local;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace EventRtc.Platform.Tests.Etcd;

public sealed class LeasedKeyTests(EtcdFixture etcd) : IClassFixture<EtcdFixture>
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Ttl = TimeSpan.FromSeconds(2);
    private readonly string key = EtcdFixture.AnyPrefix() + "heartbeat";

    [Fact]
    public async Task The_key_lives_under_a_lease_until_the_stop()
    {
        await using var held = new Held(etcd.Client, key);
        await held.Shows("0");
        Assert.NotEqual(0, (await etcd.Client.Get(key))!.Value.Lease);

        await held.Stop();

        Assert.Null(await etcd.Client.Get(key));
    }

    [Fact]
    public async Task The_key_outlives_its_lease_s_time_and_is_not_written_again_meanwhile()
    {
        await using var held = new Held(etcd.Client, key, Ttl * 2);
        await held.Shows("0");
        var since = Stopwatch.StartNew();
        await Eventually.True(
            async () =>
            {
                Assert.Equal(1, (await etcd.Client.Get(key))?.Version);
                return since.Elapsed > Ttl * 4;
            },
            TimeSpan.FromSeconds(20),
            "twice its time has passed");
    }

    [Fact]
    public async Task A_new_value_is_written_at_once_when_told()
    {
        await using var held = new Held(etcd.Client, key, TimeSpan.FromHours(1));
        await held.Shows("0");
        for (held.Value = 1; held.Value < 50; held.Value++)
            held.Key.Refresh();
        held.Key.Refresh();
        await held.Shows("50");
    }

    [Fact]
    public async Task A_new_value_is_written_at_the_next_renewal_when_nobody_tells()
    {
        await using var held = new Held(etcd.Client, key);
        await held.Shows("0");
        held.Value = 1;
        await held.Shows("1");
    }

    [Fact]
    public async Task A_revoked_lease_is_replaced()
    {
        await using var held = new Held(etcd.Client, key);
        await held.Shows("0");
        var lease = (await etcd.Client.Get(key))!.Value.Lease;

        await etcd.Client.RevokeLease(lease);

        await held.Shows("0");
        Assert.NotEqual(lease, (await etcd.Client.Get(key))!.Value.Lease);
    }

    [Fact]
    public async Task A_key_that_somebody_deleted_comes_back()
    {
        await using var held = new Held(etcd.Client, key);
        await held.Shows("0");
        await etcd.Client.Delete(key);
        await held.Shows("0");
    }

    [Fact]
    public async Task A_key_left_by_a_killed_predecessor_is_taken_over_and_outlives_its_lease()
    {
        var old = await etcd.Client.GrantLease(TimeSpan.FromSeconds(60));
        await etcd.Client.Put(key, "left behind".Bytes(), old);
        await using var held = new Held(etcd.Client, key);
        await held.Shows("0");

        await etcd.Client.RevokeLease(old);

        Assert.NotNull(await etcd.Client.Get(key));
    }

    [Fact]
    public async Task Stopping_leaves_the_key_of_a_successor()
    {
        await using var first = new Held(etcd.Client, key, TimeSpan.FromHours(1));
        await first.Shows("0");
        await using var second = new Held(etcd.Client, key, TimeSpan.FromHours(1)) { Value = 2 };
        await second.Shows("2");

        await first.Stop();

        await second.Shows("2");
    }

    [Fact]
    public async Task It_survives_a_kill_of_etcd_and_the_loss_of_all_its_data()
    {
        await using var own = await EtcdFixture.Start();
        await using var held = new Held(own.Client, key);
        await held.Shows("0");

        await own.Server.Restart();
        held.Value = 1;
        await held.Shows("1");

        await own.RestartEmpty();
        await held.Shows("1");
    }

    [Fact]
    public async Task It_comes_back_after_a_freeze_that_was_longer_than_its_lease()
    {
        await using var own = await EtcdFixture.Start();
        await using var held = new Held(own.Client, key);
        await held.Shows("0");
        await own.Server.Freeze();
        var since = Stopwatch.StartNew();
        await Eventually.True(() => since.Elapsed > Ttl * 3, Soon, "the lease's time has passed");
        own.Server.Thaw();
        held.Value = 1;
        await held.Shows("1");
    }

    [Fact]
    public async Task Stopping_without_etcd_takes_no_longer_than_a_moment()
    {
        await using var own = await EtcdFixture.Start();
        await using var held = new Held(own.Client, key);
        await held.Shows("0");
        await own.Server.Freeze();
        var since = Stopwatch.StartNew();
        await held.Stop();
        Assert.InRange(since.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(4.5));
        own.Server.Thaw();
    }

    /// <summary>A leased key whose value is a number.</summary>
    private sealed class Held : IAsyncDisposable
    {
        private readonly CancellationTokenSource stop = new();
        private readonly EtcdClient client;
        private readonly string key;
        private readonly Task running;

        public Held(EtcdClient client, string key, TimeSpan? ttl = null)
        {
            this.client = client;
            this.key = key;
            Key = new(client, key, () => Value.ToString().Bytes(), ttl ?? Ttl, NullLogger.Instance);
            running = Key.Run(stop.Token);
        }

        public LeasedKey Key { get; }

        public int Value { get; set; }

        public Task Shows(string value) => Eventually.True(async () => (await client.Get(key))?.ValueText() == value, Soon, $"{key} shows {value}");

        public async Task Stop()
        {
            await stop.CancelAsync();
            await running;
        }

        public async ValueTask DisposeAsync()
        {
            await Stop();
            stop.Dispose();
        }
    }
}
