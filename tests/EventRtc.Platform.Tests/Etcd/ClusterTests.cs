using System.Collections.Concurrent;
using EventRtc.Etcd;
using EventRtc.Local;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace EventRtc.Platform.Tests.Etcd;

/// <summary>A real cluster of three, of which the client always uses the member that fails.</summary>
public sealed class ClusterTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task With_one_member_after_another_killed_nothing_acknowledged_is_lost_and_the_mirror_follows()
    {
        await using var cluster = await EtcdCluster.Start();
        await using var client = cluster.Connect(TimeSpan.FromSeconds(2));
        using var stop = new CancellationTokenSource();
        var mirror = new EtcdMirror(client, "/rooms/", NullLogger.Instance);
        var mirroring = mirror.Run(stop.Token);
        var heartbeat = new LeasedKey(client, "/mixers/a", () => "1".Bytes(), TimeSpan.FromSeconds(5), NullLogger.Instance);
        var beating = heartbeat.Run(stop.Token);
        var acknowledged = new ConcurrentDictionary<string, long>();
        var writing = Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                try
                {
                    var key = $"/rooms/{writer}/{i}";
                    acknowledged[key] = await client.Put(key, "1".Bytes());
                }
                catch (EtcdException)
                {
                    await Task.Delay(20);
                }
            }
        })));

        foreach (var member in cluster.Members)
        {
            await GoesOn(acknowledged);
            await member.Kill();
            await GoesOn(acknowledged);
            await member.Start();
        }
        var last = acknowledged.Values.Max();
        await Eventually.True(() => mirror.Synced && mirror.Under("/rooms/").Any(item => item.ModRevision >= last), Soon, "the mirror has seen the last put");
        await Eventually.True(async () => await client.Get("/mixers/a") is not null, Soon, "the heartbeat is there");
        await stop.CancelAsync();
        await Task.WhenAll(writing, mirroring, beating);

        var there = (await client.List("/rooms/")).Items.ToDictionary(item => item.Key, item => item.ModRevision);
        Assert.All(acknowledged, put => Assert.Equal(put.Value, there[put.Key]));
    }

    [Fact]
    public async Task A_member_without_the_others_ends_its_watches()
    {
        await using var cluster = await EtcdCluster.Start();
        await using var client = EtcdFixture.Connect(cluster.Members[0].Address);
        await using var watch = new Watching(client, "/");
        await watch.Next();

        await Task.WhenAll(cluster.Members[1].Kill(), cluster.Members[2].Kill());

        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<EtcdException>(watch.Next)).StatusCode);
    }

    private static Task GoesOn(ConcurrentDictionary<string, long> acknowledged)
    {
        var before = acknowledged.Count;
        return Eventually.True(() => acknowledged.Count > before + 100, Soon, "puts go on");
    }
}
