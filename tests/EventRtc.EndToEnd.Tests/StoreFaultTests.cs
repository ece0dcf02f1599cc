using EventRtc.Etcd;
using EventRtc.Local;
using EventRtc.Streams;
using EventRtc.Visitors;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace EventRtc.EndToEnd.Tests;

/// <summary>What holds the views, the streams and the log loses them, or goes away for a while: who speaks and who listens hears nothing of it.</summary>
public sealed class StoreFaultTests(RunningSystem system, ITestOutputHelper output)
{
    private static readonly TimeSpan Inaudible = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Dropped_views_come_back_and_nothing_is_torn_down()
    {
        await using var pair = await AnchorPair.GoOnAir(system.Deployment, system.Rooms);
        await using var etcd = new EtcdClient(new EtcdOptions { Endpoints = [system.Deployment.Etcd.Address] }, NullLogger<EtcdClient>.Instance);
        var (media, keys) = (await MediaOf(pair.Room), await KeysOf(etcd, pair.Room));

        await pair.Through(async () =>
        {
            await etcd.DeletePrefix("/rooms/");
            await Eventually.True(async () => (await KeysOf(etcd, pair.Room)).SequenceEqual(keys), Soon, "the views are back");
        });

        await AssertInaudible(pair);
        Assert.Equal(media, await MediaOf(pair.Room));
    }

    [Fact]
    public async Task A_Redis_that_lost_everything_costs_a_reconnect_that_nobody_hears()
    {
        await using var pair = await AnchorPair.GoOnAir(system.Deployment, system.Rooms);
        await using var redis = new RedisClient(new RedisOptions { Address = system.Deployment.Redis.Address }, NullLogger<RedisClient>.Instance);
        var media = await MediaOf(pair.Room);

        await pair.Through(async () => await redis.ExecuteAsync(["FLUSHALL"]), pair.Speaker, pair.CoAnchor);

        await AssertInaudible(pair);
        Assert.Equal(media, await MediaOf(pair.Room));
    }

    [Fact]
    public async Task Rooms_on_air_go_on_while_PostgreSQL_is_away()
    {
        await using var pair = await AnchorPair.GoOnAir(system.Deployment, system.Rooms);
        var media = await MediaOf(pair.Room);

        await pair.Through(async () =>
        {
            await system.Deployment.Postgres.Kill();
            await Task.Delay(TimeSpan.FromSeconds(8)); // longer than a worker's look at its rooms
            await system.Deployment.Postgres.Start();
        });

        await AssertInaudible(pair);
        Assert.Equal(media, await MediaOf(pair.Room));
        await Eventually.True(async () => await system.Rooms.IsForwarding(pair.Room), Soon, "the room can be asked for again");
    }

    /// <summary>What carries the room's sound: other numbers mean that it was torn down and made anew.</summary>
    private async Task<(long Bridge, int Ffmpeg)> MediaOf(string room) =>
        ((await Remains.BridgesOf(system.Deployment, room)).Single().Bridge, Remains.FfmpegIds(system.Deployment).Single());

    private static async Task<IEnumerable<string>> KeysOf(EtcdClient etcd, string room) =>
        [.. (await etcd.List($"/rooms/{room}/")).Items.Select(item => $"{item.Key} {Convert.ToHexString(item.Value.Span)}")];

    private async Task AssertInaudible(AnchorPair pair)
    {
        var (coAnchor, listener) = await pair.LongestGaps();
        output.WriteLine($"the co-anchor missed {coAnchor.TotalMilliseconds:0} ms, the listener {listener.TotalMilliseconds:0} ms");
        Assert.InRange(coAnchor, TimeSpan.Zero, Inaudible);
        Assert.InRange(listener, TimeSpan.Zero, Inaudible);
    }
}
