using System.Diagnostics;
using EventRtc.Etcd;
using Xunit;

namespace EventRtc.Platform.Tests.Etcd;

/// <summary>Pings every 10 s keep a silent watch honest; apart from the other faults because they take their time.</summary>
public sealed class PingTests
{
    [Fact]
    public async Task A_quiet_watch_on_a_frozen_server_is_ended_by_the_ping()
    {
        await using var etcd = await EtcdFixture.Start();
        await using var watch = new Watching(etcd.Client, "/");
        await watch.Next();
        await etcd.Server.Freeze();
        var since = Stopwatch.StartNew();

        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<EtcdException>(watch.Next)).StatusCode);

        Assert.InRange(since.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_quiet_watch_outlives_many_pings()
    {
        await using var etcd = await EtcdFixture.Start();
        await using var watch = new Watching(etcd.Client, "/");
        await watch.Next();
        var next = watch.Next();

        // Three pings, and a server that took them for too many would have closed the connection.
        await Assert.ThrowsAsync<TimeoutException>(() => next.WaitAsync(TimeSpan.FromSeconds(32)));
    }
}
