using System.Collections.Concurrent;
using System.Diagnostics;
using EventRtc.Etcd;
using EventRtc.Local;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace EventRtc.Platform.Tests.Etcd;

/// <summary>Of several candidates one leads; what a leader's end looks like from outside decides how fast another follows.</summary>
public sealed class LeadershipTests(EtcdFixture etcd) : IClassFixture<EtcdFixture>
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Ttl = TimeSpan.FromSeconds(3);
    private readonly string key = EtcdFixture.AnyPrefix() + "leader";
    private readonly ConcurrentQueue<(string Who, long Fence)> terms = new();

    [Fact]
    public async Task One_of_two_leads_and_the_other_follows_at_once_after_an_orderly_stop()
    {
        await using var one = await Leads("one");
        await using var two = Campaign("two");
        Assert.Equal("one", (await etcd.Client.Get(key))?.ValueText());

        var watch = Stopwatch.StartNew();
        await one.Stop();
        await Eventually.True(() => two.Leads, Soon, "the other leads");

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, Ttl / 2);
        AssertFencesGrow("one", "two");
    }

    [Fact]
    public async Task A_leader_lasts_longer_than_its_lease()
    {
        await using var one = await Leads("one");
        await using var two = Campaign("two");
        var watch = Stopwatch.StartNew();

        await Eventually.True(() => watch.Elapsed > 2 * Ttl, 3 * Ttl, "twice the lease's time has passed");

        Assert.True(one.Leads);
        AssertFencesGrow("one");
    }

    [Fact]
    public async Task A_leader_that_etcd_hears_no_more_is_replaced_within_five_seconds_and_has_stopped_before()
    {
        await using var network = new TcpProxy(etcd.Server.Port);
        await using var client = EtcdFixture.Connect(new EtcdOptions { Endpoints = [network.Address], CallTimeout = TimeSpan.FromSeconds(1) });
        await using var one = await Leads("one", client);
        await using var two = Campaign("two");

        network.Freeze();
        var watch = Stopwatch.StartNew();
        await Eventually.True(() => two.Leads, Soon, "the other leads");

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.False(one.Leads);
        AssertFencesGrow("one", "two");
    }

    [Fact]
    public async Task A_dead_leader_is_replaced_within_five_seconds()
    {
        var lease = await etcd.Client.GrantLease(Ttl);
        await etcd.Client.Put(key, "dead".Bytes(), lease);
        var watch = Stopwatch.StartNew();

        await using var two = await Leads("two");

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_leader_whose_key_was_deleted_stops_and_does_not_take_the_next_ones_key_along()
    {
        await using var one = await Leads("one");
        await etcd.Client.Delete(key);
        await using var two = await Leads("two");

        await Eventually.True(() => !one.Leads, Soon, "the first notices");

        Assert.Equal(StatusCode.Aborted, (await Assert.ThrowsAsync<EtcdException>(() => one.Run)).StatusCode);
        Assert.Equal("two", (await etcd.Client.Get(key))?.ValueText());
        AssertFencesGrow("one", "two");
    }

    [Fact]
    public async Task A_leader_that_fails_gives_the_lead_away()
    {
        var failing = New("one").Run((_, _) => throw new InvalidDataException("broken"), default);

        await Assert.ThrowsAsync<InvalidDataException>(() => failing);

        Assert.Null(await etcd.Client.Get(key));
    }

    [Fact]
    public async Task Etcd_tells_a_leader_of_now_from_one_of_before()
    {
        await using var one = await Leads("one");
        var (_, before) = terms.Last();
        Assert.True(await New("one").Holds(before));
        await one.Stop();
        await using var two = await Leads("two");

        Assert.False(await New("one").Holds(before));
        Assert.True(await New("two").Holds(terms.Last().Fence));
    }

    [Fact]
    public async Task A_restart_of_etcd_leaves_the_leader_or_brings_another_but_never_two()
    {
        await using var own = await EtcdFixture.Start();
        await using var one = await Leads("one", own.Client, again: true);
        await using var two = Campaign("two", own.Client, again: true);

        await own.Server.Restart();

        await Eventually.True(async () =>
        {
            Assert.False(one.Leads && two.Leads);
            return (one.Leads || two.Leads) && await own.Client.Get(key) is { } held && held.CreateRevision == terms.Last().Fence;
        }, TimeSpan.FromSeconds(15), "one leads by etcd's word");
    }

    private Leadership New(string who, EtcdClient? client = null) => new(client ?? etcd.Client, key, who, Ttl, NullLogger<Leadership>.Instance);

    private Candidate Campaign(string who, EtcdClient? client = null, bool again = false) => new(New(who, client), fence => terms.Enqueue((who, fence)), again);

    private async Task<Candidate> Leads(string who, EtcdClient? client = null, bool again = false)
    {
        var candidate = Campaign(who, client, again);
        await Eventually.True(() => candidate.Leads, Soon, $"{who} leads");
        return candidate;
    }

    private void AssertFencesGrow(params string[] leaders)
    {
        Assert.Equal(leaders, terms.Select(term => term.Who));
        Assert.Equal(terms.Select(term => term.Fence).Distinct().Order(), terms.Select(term => term.Fence));
    }

    /// <summary>Does nothing but lead.</summary>
    private sealed class Candidate : IAsyncDisposable
    {
        private readonly CancellationTokenSource stop = new();
        private volatile bool leads;

        public Candidate(Leadership leadership, Action<long> elected, bool again)
        {
            Run = Task.Run(async () =>
            {
                while (true)
                {
                    try
                    {
                        await leadership.Run(Lead, stop.Token);
                    }
                    catch (EtcdException) when (again)
                    {
                        await Task.Delay(100, stop.Token);
                    }
                }
            });

            async Task Lead(long fence, CancellationToken ct)
            {
                elected(fence);
                leads = true;
                try
                {
                    await Task.Delay(Timeout.Infinite, ct);
                }
                finally
                {
                    leads = false;
                }
            }
        }

        public bool Leads => leads;

        public Task Run { get; }

        public async Task Stop()
        {
            await stop.CancelAsync();
            await Run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        public async ValueTask DisposeAsync()
        {
            await Stop();
            stop.Dispose();
        }
    }
}
