using EventRtc.Local;
using EventRtc.Streams;
using Xunit;
using static EventRtc.Platform.Tests.Streams.RedisFixture;

namespace EventRtc.Platform.Tests.Streams;

[Collection(SharedRedis.Name)]
public sealed class StreamTests(RedisFixture fixture)
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(50);
    private readonly RedisClient redis = fixture.Client;

    [Fact]
    public async Task Entries_are_added_and_read_in_order()
    {
        var key = Key();

        Assert.Equal("1-0", await redis.StreamAddAsync(key, [new("type", "room_created"), new("body", new byte[] { 0, 13, 10, 255 })], "1-0"));
        var second = await redis.StreamAddAsync(key, [new("a", "1"), new("a", 2)]);

        var entries = await redis.StreamRangeAsync(key);
        Assert.Equal(["1-0", second], entries.Select(entry => entry.Id));
        Assert.Equal("room_created", (string?)entries[0]["type"]);
        Assert.Equal([0, 13, 10, 255], ((ReadOnlyMemory<byte>)entries[0]["body"]).ToArray());
        Assert.True(entries[0]["none"].IsNull);
        Assert.Equal([new("a", "1"), new("a", "2")], entries[1].Values);

        Assert.Equal(2, await redis.StreamLengthAsync(key));
        Assert.Equal([second], (await redis.StreamRangeAsync(key, "(1-0")).Select(entry => entry.Id));
        Assert.Equal(["1-0"], (await redis.StreamRangeAsync(key, count: 1)).Select(entry => entry.Id));
        Assert.Empty(await redis.StreamRangeAsync(key, "2", "3"));
    }

    [Fact]
    public async Task An_id_that_is_not_higher_is_refused()
    {
        var key = Key();
        await redis.StreamAddAsync(key, [new("n", 1)], "5-0");

        var refusal = await Assert.ThrowsAsync<RedisServerException>(() => redis.StreamAddAsync(key, [new("n", 2)], "5-0"));

        Assert.Equal("ERR", refusal.Code);
        Assert.Equal(1, await redis.StreamLengthAsync(key));
    }

    [Fact]
    public async Task The_last_id_outlives_the_entries()
    {
        var key = Key();
        Assert.Null(await redis.StreamInfoAsync(key));

        for (var i = 1; i <= 10; i++)
            await redis.StreamAddAsync(key, [new("n", i)], $"{i}-0");
        Assert.Equal(new StreamInfo(10, "10-0"), await redis.StreamInfoAsync(key));

        Assert.Equal(7, await redis.StreamTrimByMinIdAsync(key, "8-0"));
        Assert.Equal(0, await redis.StreamTrimByMinIdAsync(key, "9-0", approximate: true));
        Assert.Equal(3, await redis.StreamTrimByMinIdAsync(key, "99-0"));
        Assert.Equal(new StreamInfo(0, "10-0"), await redis.StreamInfoAsync(key));
    }

    [Fact]
    public async Task Adding_trims_by_length_or_by_id()
    {
        var (byLength, byId) = (Key(), Key());
        for (var i = 1; i <= 500; i++)
        {
            await redis.StreamAddAsync(byLength, [new("n", i)], $"{i}-0", maxLength: 100);
            await redis.StreamAddAsync(byId, [new("n", i)], $"{i}-0", minId: $"{Math.Max(0, i - 100)}-0");
        }

        Assert.InRange(await redis.StreamLengthAsync(byLength), 100, 200);
        Assert.InRange(await redis.StreamLengthAsync(byId), 100, 200);
        await Assert.ThrowsAsync<ArgumentException>(() => redis.StreamAddAsync(byId, [new("n", 1)], maxLength: 1, minId: "1"));
    }

    [Fact]
    public async Task Several_streams_are_read_at_once()
    {
        var (one, two, empty) = (Key(), Key(), Key());
        await redis.StreamAddAsync(one, [new("n", 1)], "1-0");
        await redis.StreamAddAsync(two, [new("n", 1)], "1-0");
        await redis.StreamAddAsync(two, [new("n", 2)], "2-0");

        var found = await redis.StreamReadAsync([new(one, StreamPosition.Beginning), new(two, "1-0"), new(empty, StreamPosition.Beginning)]);

        Assert.Equal([one, two], found.Select(stream => stream.Key));
        Assert.Equal(["1-0"], found[0].Entries.Select(entry => entry.Id));
        Assert.Equal(["2-0"], found[1].Entries.Select(entry => entry.Id));
        Assert.Empty(await redis.StreamReadAsync([new(one, "1-0")]));
    }

    [Fact]
    public async Task A_blocked_read_gets_the_entry_when_it_comes_and_holds_up_nobody()
    {
        var key = Key();
        var read = redis.StreamReadAsync([new(key, StreamPosition.End)], block: Long);
        await Eventually.True(async () => await BlockedReads(redis) > 0, TimeSpan.FromSeconds(30), "the read is blocked");
        Assert.False(read.IsCompleted);

        var id = await redis.StreamAddAsync(key, [new("n", 1)]);

        Assert.Equal(id, (await read.WaitAsync(TimeSpan.FromSeconds(30)))[0].Entries[0].Id);
    }

    [Fact]
    public async Task A_blocked_read_ends_empty_when_its_time_is_over()
    {
        Assert.Empty(await redis.StreamReadAsync([new(Key(), StreamPosition.End)], block: Short));
        Assert.Empty(await redis.StreamReadAsync([new(Key(), StreamPosition.End)], block: TimeSpan.Zero));
    }

    [Fact]
    public async Task A_blocked_read_is_cancelled_at_once_and_the_next_one_works()
    {
        var key = Key();
        for (var round = 0; round < 10; round++)
        {
            using var cancel = new CancellationTokenSource();
            var read = redis.StreamReadAsync([new(key, StreamPosition.End)], block: Long, ct: cancel.Token);
            await cancel.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read.WaitAsync(TimeSpan.FromSeconds(30)));
        }

        await redis.StreamAddAsync(key, [new("n", 1)], "1-0");
        Assert.Single(await redis.StreamReadAsync([new(key, StreamPosition.Beginning)], block: Long));
    }

    [Fact]
    public async Task Readers_reuse_their_connections()
    {
        await using var client = Connect(Patient(fixture.Address) with { Database = 7 });   // tells its connections from others'
        for (var round = 0; round < 5; round++)
            await Task.WhenAll(Enumerable.Range(0, 3).Select(i => client.StreamReadAsync([new($"none:{i}", StreamPosition.End)], block: Short)));

        var clients = (string)(await client.ExecuteAsync(["CLIENT", "LIST"]))!;
        Assert.Equal(3, clients.Split('\n').Count(line => line.Contains(" db=7 ", StringComparison.Ordinal) && line.Contains("cmd=xread", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_group_hands_each_entry_to_one_consumer_until_acknowledged()
    {
        var key = Key();
        await Assert.ThrowsAsync<RedisServerException>(() => redis.StreamCreateConsumerGroupAsync(key, "g", createStream: false));
        Assert.True(await redis.StreamCreateConsumerGroupAsync(key, "g", StreamPosition.Beginning));
        Assert.False(await redis.StreamCreateConsumerGroupAsync(key, "g", StreamPosition.Beginning));
        for (var i = 1; i <= 3; i++)
            await redis.StreamAddAsync(key, [new("n", i)], $"{i}-0");

        Assert.Equal(["1-0", "2-0"], await ReadGroup(key, "a", count: 2));
        Assert.Equal(["3-0"], await ReadGroup(key, "b", block: Long));
        Assert.Empty(await ReadGroup(key, "b", block: Short));
        Assert.Equal(["1-0", "2-0"], await ReadGroup(key, "a", StreamPosition.Beginning));

        Assert.Equal(1, await redis.StreamAcknowledgeAsync(key, "g", ["1-0", "9-0"]));
        Assert.Equal(["2-0"], await ReadGroup(key, "a", StreamPosition.Beginning));
    }

    [Fact]
    public async Task Entries_of_a_dead_consumer_are_claimed()
    {
        var key = Key();
        await redis.StreamCreateConsumerGroupAsync(key, "g", StreamPosition.Beginning);
        for (var i = 1; i <= 4; i++)
            await redis.StreamAddAsync(key, [new("n", i)], $"{i}-0");
        await ReadGroup(key, "dead");

        var none = await redis.StreamAutoClaimAsync(key, "g", "live", TimeSpan.FromHours(1));
        Assert.Equal((StreamPosition.Beginning, 0), (none.NextStartId, none.ClaimedEntries.Count));

        await redis.StreamTrimByMinIdAsync(key, "2-0");
        var first = await redis.StreamAutoClaimAsync(key, "g", "live", TimeSpan.Zero, count: 2);
        Assert.Equal(["1-0"], first.DeletedIds);
        Assert.Equal(["2-0"], first.ClaimedEntries.Select(entry => entry.Id));
        Assert.Equal("3-0", first.NextStartId);
        var rest = await redis.StreamAutoClaimAsync(key, "g", "live", TimeSpan.Zero, first.NextStartId);
        Assert.Equal(["3-0", "4-0"], rest.ClaimedEntries.Select(entry => entry.Id));
        Assert.Equal("4", (string?)rest.ClaimedEntries[1]["n"]);

        Assert.Empty(await ReadGroup(key, "dead", StreamPosition.Beginning));
    }

    [Fact]
    public async Task A_pending_entry_that_was_trimmed_is_empty()
    {
        var key = Key();
        await redis.StreamCreateConsumerGroupAsync(key, "g", StreamPosition.Beginning);
        await redis.StreamAddAsync(key, [new("n", 1)], "1-0");
        await ReadGroup(key, "a");
        await redis.StreamTrimByMinIdAsync(key, "2-0");

        var pending = await redis.StreamReadGroupAsync("g", "a", [new(key, StreamPosition.Beginning)]);

        Assert.Equal("1-0", pending[0].Entries[0].Id);
        Assert.Empty(pending[0].Entries[0].Values);
    }

    [Fact]
    public async Task A_missing_group_is_told_by_its_code()
    {
        var refusal = await Assert.ThrowsAsync<RedisServerException>(() => ReadGroup(Key(), "a", block: Long));
        Assert.Equal("NOGROUP", refusal.Code);
    }

    private async Task<IEnumerable<string>> ReadGroup(string key, string consumer, string from = StreamPosition.NewMessages, int? count = null, TimeSpan? block = null) =>
        (await redis.StreamReadGroupAsync("g", consumer, [new(key, from)], count, block)).SelectMany(stream => stream.Entries).Select(entry => entry.Id);
}
