using EventRtc.Domain;
using EventRtc.EventStore;
using EventRtc.Local;
using EventRtc.Projector;
using EventRtc.Streams;
using Xunit;

namespace EventRtc.Platform.Tests.Projector;

/// <summary>Every event reaches Redis once and in order, whatever happens to relays and to Redis.</summary>
[Collection(nameof(ProjectorCollection))]
public sealed class RelayTests(ProjectorFixture servers) : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly RoomId[] Rooms = [.. Enumerable.Range(0, 12).Select(n => new RoomId($"room-{n}"))];

    private Pipeline pipeline = null!;

    public async ValueTask InitializeAsync() => pipeline = await Pipeline.Open(servers);

    public ValueTask DisposeAsync() => pipeline.DisposeAsync();

    [Fact]
    public async Task An_entry_says_all_that_the_store_knows_of_the_event()
    {
        pipeline.StartRelay();
        await pipeline.PutOnAir(Rooms[0], Noon);
        await pipeline.CompletelyRelayed();

        var entries = new List<RecordedEvent>();
        foreach (var key in pipeline.Streams.Keys)
            entries.AddRange((await pipeline.Redis.StreamRangeAsync(key)).Select(EventEntry.Read));

        Assert.Equal((await pipeline.Store.ReadAll(Position.Start, 100)).Select(e => e with { Proof = null }), entries);
    }

    [Fact]
    public async Task Idle_partitions_move_on_with_the_others()
    {
        pipeline.StartRelay();
        await pipeline.PutOnAir(Rooms[0], Noon);

        await Eventually.True(async () =>
        {
            foreach (var key in pipeline.Streams.Keys)
                if ((await pipeline.Redis.StreamInfoAsync(key))?.LastGeneratedId != "5-0")
                    return false;
            return true;
        }, Pipeline.Soon, "every partition's last id is the store's head");
        Assert.Single(await pipeline.Relayed(), positions => positions.Length == 5);
    }

    [Fact]
    public async Task Relays_at_once_leave_no_duplicate_and_no_hole()
    {
        // As if election and fence did not keep them apart.
        for (var i = 0; i < 3; i++)
            pipeline.Start(ct => pipeline.NewRelay(pipeline.NewLeadership()).Run(1, ct));

        await Task.WhenAll(Rooms.Select(room => pipeline.PutOnAir(room, Noon)));

        await pipeline.CompletelyRelayed();
    }

    [Fact]
    public async Task A_relay_that_was_paused_is_refused_when_another_has_led_meanwhile()
    {
        await pipeline.PutOnAir(Rooms[0], Noon);
        var later = pipeline.Streams.NewBatch(Position.Start).Add(await pipeline.Store.ReadAll(Position.Start, 3));
        await pipeline.Streams.Append(fence: 8, later, default);

        var rest = pipeline.Streams.NewBatch(later.Last).Add(await pipeline.Store.ReadAll(later.Last, 2));
        var refused = await Assert.ThrowsAsync<FencedException>(() => pipeline.Streams.Append(fence: 7, rest, default));

        Assert.Equal(8, refused.Highest);
        Assert.Equal(3, (await pipeline.Relayed()).Sum(positions => positions.Length));
        await Assert.ThrowsAsync<FencedException>(() => pipeline.NewRelay(pipeline.NewLeadership()).Run(7, default));
    }

    [Fact]
    public async Task The_leader_goes_on_when_etcd_lost_its_data_and_counts_from_the_beginning_again()
    {
        await pipeline.Streams.Append(fence: long.MaxValue / 2048, pipeline.Streams.NewBatch(Position.Start), default);

        pipeline.StartRelay();
        await pipeline.PutOnAir(Rooms[0], Noon);

        await pipeline.CompletelyRelayed();
    }

    [Fact]
    public async Task A_backlog_is_handed_on_as_it_lies_in_the_store()
    {
        await Task.WhenAll(Rooms.Select(room => pipeline.PutOnAir(room, Noon)));
        pipeline.StartRelay();
        await pipeline.CompletelyRelayed();
        await pipeline.StopLast();
        var live = pipeline.Streams.NewBatch(Position.Start).Add(await pipeline.Store.ReadAll(Position.Start, int.MaxValue)).Arguments;

        var copied = new List<RedisValue>();
        await foreach (var rows in pipeline.Store.ReadLog(Position.Start))
            copied.AddRange(pipeline.Streams.NewBatch(Position.Start).Add(rows.Rows).Arguments);

        Assert.Equal(live, copied);
    }

    [Fact]
    public async Task A_relay_that_comes_late_catches_up()
    {
        await Task.WhenAll(Rooms.Select(room => pipeline.PutOnAir(room, Noon)));

        pipeline.StartRelay();

        await pipeline.CompletelyRelayed();
    }

    [Fact]
    public async Task An_emptied_redis_is_filled_again()
    {
        pipeline.StartRelay();
        pipeline.StartRelay();
        var appending = Task.WhenAll(Rooms.Select(room => pipeline.PutOnAir(room, Noon)));
        await Eventually.True(async () => (await pipeline.Relayed()).Sum(p => p.Length) > 10, Pipeline.Soon, "relaying is under way");

        await pipeline.Redis.ExecuteAsync(["FLUSHALL"]);

        await appending;
        await pipeline.CompletelyRelayed();
    }

    [Fact]
    public async Task A_partition_that_went_back_to_an_older_state_is_filled_again()
    {
        pipeline.StartRelay();
        await Task.WhenAll(Rooms.Select(room => pipeline.PutOnAir(room, Noon)));
        await pipeline.CompletelyRelayed();
        await pipeline.StopLast();
        var key = pipeline.Streams.Keys[1];
        var entries = await pipeline.Redis.StreamRangeAsync(key);

        // As after the restart from an older copy.
        await pipeline.Redis.KeyDeleteAsync(key);
        foreach (var entry in entries.Take(3))
            await pipeline.Redis.StreamAddAsync(key, entry.Values, entry.Id);
        pipeline.StartRelay();

        await pipeline.CompletelyRelayed();
    }

    [Fact]
    public async Task A_store_that_was_set_back_is_said_aloud()
    {
        await pipeline.PutOnAir(Rooms[0], Noon);
        await pipeline.Redis.StreamAddAsync(pipeline.Streams.Keys[0], [new("stream", "room-a")], "100-0");
        for (var p = 1; p < pipeline.Streams.Keys.Count; p++)
            await pipeline.Redis.StreamAddAsync(pipeline.Streams.Keys[p], [new("stream", "room-a")], "100-0");

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => pipeline.NewRelay(pipeline.NewLeadership()).Run(1, default));

        Assert.StartsWith("Redis holds events up to position 100, the store only up to 5.", failure.Message);
    }
}
