using System.Collections.Concurrent;
using System.Diagnostics;
using EventRtc.Etcd;
using EventRtc.Local;
using Xunit;

namespace EventRtc.Platform.Tests.Etcd;

/// <summary>What the client does when its server is killed, frozen or not there at all.</summary>
public sealed class FaultTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Without_a_server_a_call_fails_at_once_and_certainly_did_nothing()
    {
        await using var client = EtcdFixture.Connect($"127.0.0.1:{FreePort.Any()}");
        var failed = await Assert.ThrowsAsync<EtcdException>(() => client.Put("/a", "1".Bytes()));
        Assert.Equal((StatusCode.Unavailable, false), (failed.StatusCode, failed.MayHaveExecuted));
    }

    [Theory, InlineData(""), InlineData("ftp://host:2379"), InlineData("http://host:2379/path"), InlineData("ho st:1")]
    public void An_endpoint_that_is_none_is_refused_at_once(string endpoint) => Assert.Throws<ArgumentException>(() => EtcdFixture.Connect(endpoint));

    [Fact]
    public void No_endpoint_at_all_is_refused_at_once() => Assert.Throws<ArgumentException>(() => EtcdFixture.Connect());

    [Fact]
    public async Task After_kills_every_answer_given_was_true_and_the_client_goes_on_by_itself()
    {
        await using var etcd = await EtcdFixture.Start();
        var answers = new ConcurrentDictionary<string, bool?>();
        using var stop = new CancellationTokenSource();
        var writing = Task.WhenAll(Enumerable.Range(0, 16).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                var key = $"/{writer}/{i}";
                try
                {
                    await etcd.Client.Put(key, "1".Bytes());
                    answers[key] = true;
                }
                catch (EtcdException e)
                {
                    answers[key] = e.MayHaveExecuted ? null : false;
                    await Task.Delay(5);
                }
            }
        })));
        for (var kill = 0; kill < 3; kill++)
        {
            var before = answers.Count(a => a.Value is true);
            await Eventually.True(() => answers.Count(a => a.Value is true) > before + 200, Soon, "puts go on");
            await etcd.Server.Restart();
        }
        var after = answers.Count(a => a.Value is true);
        await Eventually.True(() => answers.Count(a => a.Value is true) > after + 200, Soon, "puts go on after the last kill");
        await stop.CancelAsync();
        await writing;

        var present = (await etcd.Client.List("/")).Items.Select(item => item.Key).ToHashSet();
        Assert.Contains(answers, a => a.Value is false);
        Assert.All(answers.Where(a => a.Value is not null), a => Assert.Equal(a.Value, present.Contains(a.Key)));
    }

    [Fact]
    public async Task A_kill_fails_the_calls_and_watches_under_way_by_the_broken_connection_long_before_a_deadline()
    {
        await using var etcd = await EtcdFixture.Start();
        await using var watch = new Watching(etcd.Client, "/");
        await watch.Next();
        var next = watch.Next();
        await etcd.Server.Freeze();
        var put = etcd.Client.Put("/a", "1".Bytes());

        await etcd.Server.Kill();

        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<EtcdException>(() => next)).StatusCode);
        var failed = await Assert.ThrowsAsync<EtcdException>(() => put);
        Assert.Equal((StatusCode.Unavailable, true), (failed.StatusCode, failed.MayHaveExecuted));
    }

    [Fact]
    public async Task A_frozen_server_ends_calls_by_their_deadline_and_serves_again_when_thawed()
    {
        await using var etcd = await EtcdFixture.Start();
        await using var client = EtcdFixture.Connect(new EtcdOptions { Endpoints = [etcd.Server.Address], CallTimeout = TimeSpan.FromMilliseconds(500) });
        await client.Put("/a", "1".Bytes());
        await etcd.Server.Freeze();
        var since = Stopwatch.StartNew();

        var put = Assert.ThrowsAsync<EtcdException>(() => client.Put("/a", "2".Bytes()));
        var get = Assert.ThrowsAsync<EtcdException>(() => client.Get("/a"));
        var watch = Assert.ThrowsAsync<EtcdException>(async () => await client.Watch("/").GetAsyncEnumerator().MoveNextAsync());

        Assert.Equal((StatusCode.DeadlineExceeded, true), ((await put).StatusCode, (await put).MayHaveExecuted));
        Assert.Equal((StatusCode.DeadlineExceeded, false), ((await get).StatusCode, (await get).MayHaveExecuted));
        Assert.Equal(StatusCode.DeadlineExceeded, (await watch).StatusCode);
        Assert.InRange(since.Elapsed, TimeSpan.FromMilliseconds(450), TimeSpan.FromSeconds(4));
        etcd.Server.Thaw();
        await Eventually.True(async () => await client.Get("/a") is not null, Soon, "it answers again");
        await Eventually.True(async () => await etcd.OpenWatches() == 0, Soon, "the watch that was given up is closed on the server too");
    }

    [Fact]
    public async Task With_the_first_member_gone_the_next_one_serves_without_a_failed_call()
    {
        await using var second = await EtcdFixture.Start();
        await using var client = EtcdFixture.Connect($"127.0.0.1:{FreePort.Any()}", second.Server.Address);
        await client.Put("/a", "1".Bytes());
        Assert.NotNull(await client.Get("/a"));
        await using var watch = new Watching(client, "/");
        await watch.Next();
    }

    [Fact]
    public async Task With_the_first_member_frozen_one_call_fails_by_its_deadline_and_the_next_is_served()
    {
        await using var first = await EtcdFixture.Start();
        await using var second = await EtcdFixture.Start();
        await using var client = EtcdFixture.Connect(new EtcdOptions { Endpoints = [first.Server.Address, second.Server.Address], CallTimeout = TimeSpan.FromMilliseconds(500) });
        await client.Put("/a", "on the first".Bytes());
        await first.Server.Freeze();

        await Assert.ThrowsAsync<EtcdException>(() => client.Put("/a", "on the second".Bytes()));
        await client.Put("/a", "on the second".Bytes());

        Assert.Equal("on the second", (await second.Client.Get("/a"))!.Value.ValueText());
    }

    [Fact]
    public async Task A_lease_survives_a_kill_of_the_server()
    {
        await using var etcd = await EtcdFixture.Start();
        var lease = await etcd.Client.GrantLease(TimeSpan.FromSeconds(60));
        await etcd.Client.Put("/a", "1".Bytes(), lease);

        await etcd.Server.Restart();

        await Eventually.True(() => etcd.Client.KeepAlive(lease), Soon, "the lease can be renewed");
        Assert.Equal(lease, (await etcd.Client.Get("/a"))!.Value.Lease);
    }
}
