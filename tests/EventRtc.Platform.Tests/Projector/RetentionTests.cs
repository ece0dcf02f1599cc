using EventRtc.Domain;
using EventRtc.EventStore;
using EventRtc.Local;
using EventRtc.Projector;
using EventRtc.Streams;
using Xunit;

namespace EventRtc.Platform.Tests.Projector;

/// <summary>Streams lose what every group has done with, and a group that needs more finds it in the store.</summary>
[Collection(nameof(ProjectorCollection))]
public sealed class RetentionTests(ProjectorFixture servers) : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly RoomId[] Rooms = [.. Enumerable.Range(0, 12).Select(n => new RoomId($"room-{n}"))];

    private Pipeline pipeline = null!;

    public async ValueTask InitializeAsync() => pipeline = await Pipeline.Open(servers);

    public ValueTask DisposeAsync() => pipeline.DisposeAsync();

    [Fact]
    public async Task The_last_positions_stay_though_everybody_has_read_them()
    {
        await AllProjected();

        Assert.Equal(50, await pipeline.NewRetention(positions: 10).Trim(default));

        Assert.Equal(Enumerable.Range(51, 10).Select(n => (long)n), await Left());
    }

    [Fact]
    public async Task Nothing_that_a_group_has_not_read_goes()
    {
        await AllProjected();
        foreach (var key in pipeline.Streams.Keys)
            await pipeline.Redis.StreamCreateConsumerGroupAsync(key, "auditor", StreamPosition.Beginning);

        Assert.Equal(0, await pipeline.NewRetention(positions: 0).Trim(default));

        foreach (var key in pipeline.Streams.Keys)
            await pipeline.Redis.StreamReadGroupAsync("auditor", "auditor-1", [new(key, StreamPosition.NewMessages)], count: 2);
        Assert.Equal(0, await pipeline.NewRetention(positions: 0).Trim(default)); // they are pending
        foreach (var key in pipeline.Streams.Keys)
            await pipeline.Redis.StreamAcknowledgeAsync(key, "auditor", [.. (await pipeline.Redis.StreamRangeAsync(key, count: 2)).Select(entry => entry.Id)]);
        Assert.Equal(2 * pipeline.Streams.Keys.Count, await pipeline.NewRetention(positions: 0).Trim(default));
    }

    [Fact]
    public async Task An_event_that_is_not_acknowledged_stays_and_so_do_those_behind_it()
    {
        pipeline.StartRelay();
        await AllOnAir();
        await pipeline.CompletelyRelayed();
        await pipeline.Streams.CreateGroups(default);
        while (await pipeline.Streams.ReadNew("projector-1", TimeSpan.FromMilliseconds(10), default) is { Count: > 0 })
        {
        }
        var (key, unfinished) = (pipeline.Streams.Keys[2], (await pipeline.Redis.StreamRangeAsync(pipeline.Streams.Keys[2]))[4].Id);
        foreach (var stream in pipeline.Streams.Keys)
            await pipeline.Streams.Acknowledge(stream, [.. (await pipeline.Redis.StreamRangeAsync(stream)).Select(entry => entry.Id).Where(id => id != unfinished)], default);

        await pipeline.NewRetention(positions: 0).Trim(default);

        Assert.Equal(unfinished, (await pipeline.Redis.StreamRangeAsync(key))[0].Id);
        Assert.Equal(await pipeline.Redis.StreamLengthAsync(key), (await Left()).Count);
    }

    [Fact]
    public async Task A_relay_goes_on_behind_what_was_trimmed()
    {
        await AllProjected();
        await pipeline.NewRetention(positions: 0).Trim(default);
        Assert.Empty(await Left());

        await pipeline.Remove(Rooms[0], Noon);

        await pipeline.Settled(Rooms);
        Assert.Equal([61, 62, 63, 64, 65], await Left());
    }

    [Fact]
    public async Task A_group_that_is_new_finds_in_the_store_what_was_trimmed()
    {
        await AllProjected();
        await pipeline.NewRetention(positions: 5).Trim(default);
        await pipeline.StopLast();
        foreach (var key in pipeline.Streams.Keys)
            await pipeline.Redis.ExecuteAsync(["XGROUP", "DESTROY", key, EventStreams.Group]);
        await pipeline.Etcd.DeletePrefix(pipeline.Keys.Prefix);
        await pipeline.Etcd.DeletePrefix(pipeline.Keys.AppliedPrefix);

        pipeline.StartProjector();

        await pipeline.Settled(Rooms);
        await GroupIsAtTheEnd();
    }

    [Fact]
    public async Task A_group_whose_next_events_were_trimmed_away_finds_them_in_the_store()
    {
        await AllProjected();
        await pipeline.StopLast();
        await Task.WhenAll(Rooms.Select(room => pipeline.Remove(room, Noon)));
        await pipeline.CompletelyRelayed();
        Assert.NotEmpty(await pipeline.Streams.ReadNew("projector-dead", TimeSpan.FromMilliseconds(10), default)); // and acknowledges none

        // As somebody does who does not ask the groups.
        foreach (var key in pipeline.Streams.Keys)
            await pipeline.Redis.StreamTrimByMinIdAsync(key, "1000-0");
        pipeline.StartProjector();

        await pipeline.Settled(Rooms);
        await GroupIsAtTheEnd();
    }

    [Fact]
    public async Task Only_the_gap_is_read_from_a_long_store()
    {
        await pipeline.AppendMany(8_000);
        pipeline.StartRelay();
        await pipeline.CompletelyRelayed();
        foreach (var key in pipeline.Streams.Keys)
            await pipeline.Redis.StreamTrimByMinIdAsync(key, "151-0");
        await pipeline.Streams.CreateGroups(default);

        var missed = new List<StreamEntry>();
        await foreach (var batch in new CatchUp(pipeline.Streams, pipeline.Store, new ProjectorOptions()).Read(default))
            missed.AddRange(batch.Entries);

        // Each room has a hundred events in a row: these are the last one of the first room, and the last before the gap's end of the second.
        Assert.Equal(["100-0", "150-0"], missed.Select(entry => entry.Id).Order(StringComparer.Ordinal));
        Assert.All(await pipeline.Streams.Places(default), place => Assert.Equal(place.TrimmedTo, place.Done));
    }

    [Fact]
    public async Task Where_nothing_was_trimmed_nothing_is_read_again()
    {
        await AllProjected();
        await pipeline.NewRetention(positions: 5).Trim(default);

        await foreach (var missed in new CatchUp(pipeline.Streams, pipeline.Store, new ProjectorOptions()).Read(default))
            Assert.Fail($"{missed.Entries.Count} entries of {missed.Key} were read again");
    }

    /// <summary>The projector is what was started last.</summary>
    private async Task AllProjected()
    {
        pipeline.StartBoth();
        await AllOnAir();
        await pipeline.Settled(Rooms);
        await pipeline.CompletelyRelayed();
        await Eventually.True(async () => (await pipeline.Lag.Measure(default)).Events == 0, Pipeline.Soon, "all is acknowledged");
    }

    private Task AllOnAir() => Task.WhenAll(Rooms.Select(room => pipeline.PutOnAir(room, Noon)));

    private async Task<IReadOnlyList<long>> Left() => [.. (await pipeline.Relayed()).SelectMany(positions => positions).Order()];

    private async Task GroupIsAtTheEnd()
    {
        var head = await pipeline.Store.Head();
        await Eventually.True(
            async () => (await pipeline.Streams.Places(default)).All(place => place.Next is null && place.TrimmedTo <= place.Done && place.End == head), Pipeline.Soon, "the group has caught up");
    }
}
