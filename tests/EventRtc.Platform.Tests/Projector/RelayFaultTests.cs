using EventRtc.Domain;
using EventRtc.EventStore;
using EventRtc.Local;
using EventRtc.Projector;
using EventRtc.Streams;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace EventRtc.Platform.Tests.Projector;

/// <summary>Servers go away and answers are lost while a relay is at work: still every event reaches Redis once and in order.</summary>
[Collection(nameof(ProjectorCollection))]
public sealed class RelayFaultTests(ProjectorFixture servers) : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly RoomId[] Rooms = [.. Enumerable.Range(0, 40).Select(n => new RoomId($"room-{n}"))];

    private Pipeline pipeline = null!;

    public async ValueTask InitializeAsync() => pipeline = await Pipeline.Open(servers);

    public ValueTask DisposeAsync() => pipeline.DisposeAsync();

    [Fact]
    public async Task PostgreSQL_is_killed_and_comes_back()
    {
        await Task.WhenAll(Rooms[..20].Select(room => pipeline.PutOnAir(room, Noon)));
        pipeline.StartRelay();
        await Eventually.True(async () => (await pipeline.Relayed()).Any(positions => positions.Length > 0), Pipeline.Soon, "relaying is under way");

        await servers.Postgres.Restart();
        await Eventually.True(async () => await pipeline.Store.Head() > Position.Start, Pipeline.Soon, "the store answers");
        await Task.WhenAll(Rooms[20..].Select(room => pipeline.PutOnAir(room, Noon)));

        await pipeline.CompletelyRelayed();
    }

    [Fact]
    public async Task PostgreSQL_is_killed_in_the_middle_of_a_backlog()
    {
        await pipeline.AppendMany(8_000);
        pipeline.StartRelay();
        await Eventually.True(async () => await pipeline.Redis.StreamLengthAsync(pipeline.Streams.Keys[0]) > 100, Pipeline.Soon, "relaying is under way");

        await servers.Postgres.Restart();

        await pipeline.CompletelyRelayed();
    }

    [Fact]
    public async Task An_answer_that_is_lost_after_Redis_did_its_work_leads_to_no_duplicate_and_no_hole()
    {
        await using var network = new TcpProxy(servers.Redis.Port);
        await using var redis = new RedisClient(new RedisOptions { Address = network.Address, CommandTimeout = TimeSpan.FromSeconds(2) }, NullLogger<RedisClient>.Instance);
        pipeline.StartRelay(redis);
        await pipeline.PutOnAir(Rooms[0], Noon);
        await pipeline.CompletelyRelayed();

        var lost = 0;
        foreach (var room in Rooms[1..])
        {
            network.LoseAnswers(1);
            await pipeline.PutOnAir(room, Noon);
            await Eventually.True(() => network.Lost > lost, Pipeline.Soon, "an answer is lost");
            lost = network.Lost;
        }

        await pipeline.CompletelyRelayed();
    }

    [Fact]
    public async Task A_backlog_arrives_whole_though_answers_are_lost()
    {
        await Task.WhenAll(Rooms.Select(room => pipeline.PutOnAir(room, Noon)));
        await using var network = new TcpProxy(servers.Redis.Port);
        await using var redis = new RedisClient(new RedisOptions { Address = network.Address, CommandTimeout = TimeSpan.FromSeconds(2) }, NullLogger<RedisClient>.Instance);

        network.LoseAnswers(5);
        pipeline.StartRelay(redis);

        await pipeline.CompletelyRelayed();
        await pipeline.StopAll();
        Assert.Equal(5, network.Lost);
    }

    [Fact]
    public async Task The_streams_vanish_in_the_middle_of_a_backlog()
    {
        await pipeline.AppendMany(8_000);
        pipeline.StartRelay();
        for (var times = 0; times < 3; times++)
        {
            await Eventually.True(async () => await pipeline.Redis.StreamLengthAsync(pipeline.Streams.Keys[0]) > 100, Pipeline.Soon, "relaying is under way");
            await pipeline.Redis.ExecuteAsync(["FLUSHALL"]);
        }

        await pipeline.CompletelyRelayed();
    }

    [Fact]
    public async Task A_leader_cut_off_from_etcd_and_its_successor_leave_no_duplicate_and_no_hole()
    {
        await using var network = new TcpProxy(servers.Etcd.Port);
        await using var etcd = Pipeline.ConnectEtcd(network.Address);
        pipeline.StartRelay(etcd: etcd);
        await pipeline.PutOnAir(Rooms[0], Noon);
        await pipeline.CompletelyRelayed();
        pipeline.StartRelay();

        network.Freeze();
        foreach (var room in Rooms[1..])
            await pipeline.PutOnAir(room, Noon);

        await pipeline.CompletelyRelayed();
        await pipeline.StopAll();
    }
}
