using EventRtc.Domain;
using EventRtc.EventStore;
using EventRtc.Local;
using EventRtc.Projector;
using Xunit;

namespace EventRtc.Platform.Tests.Projector;

/// <summary>Verify finds each kind of damage, and nothing where there is none.</summary>
[Collection(nameof(ProjectorCollection))]
public sealed class VerifyTests(ProjectorFixture servers) : IAsyncLifetime
{
    private static readonly RoomId Lobby = new("lobby");
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly RoomId[] Rooms = [.. Enumerable.Range(0, 12).Select(n => new RoomId($"room-{n}"))];

    private Pipeline pipeline = null!;

    public async ValueTask InitializeAsync() => pipeline = await Pipeline.Open(servers);

    public ValueTask DisposeAsync() => pipeline.DisposeAsync();

    [Fact]
    public async Task A_normal_life_is_clean()
    {
        await Live();

        var report = await pipeline.Verify.Run();

        Assert.Empty(report.Findings);
        Assert.Equal((15, 15, 2), (report.Events, report.Entries, report.Streams));
    }

    [Fact]
    public async Task An_empty_deployment_is_clean() => Assert.True((await pipeline.Verify.Run()).Ok);

    [Fact]
    public async Task It_is_clean_while_commands_flow()
    {
        pipeline.StartBoth();
        var living = Task.WhenAll(Rooms.Select(async (room, n) =>
        {
            await pipeline.PutOnAir(room, Noon);
            if (n % 3 == 0)
                await pipeline.Remove(room, Noon);
        }));

        while (!living.IsCompleted)
            Assert.Empty((await pipeline.Verify.Run()).Findings);
        await living;
        Assert.Empty((await pipeline.Verify.Run()).Findings);
    }

    [Theory]
    [InlineData("update mt_events set data = jsonb_set(data, '{pin}', '\"zz99zz\"') where seq_id = 1", "hash_mismatch redis_differs wrong_key")]
    [InlineData("update mt_events set headers = headers || '{\"actor\": \"nobody\"}' where seq_id = 2", "hash_mismatch")]
    [InlineData("update mt_events set timestamp = timestamp + interval '1 microsecond' where seq_id = 2", "hash_mismatch")]
    [InlineData("delete from mt_events where seq_id = 3", "broken_chain extra_key redis_extra version_gap")]
    [InlineData("delete from mt_events where seq_id = 5", "redis_extra stream_version wrong_key")]
    [InlineData("update mt_events set version = 50 where seq_id = 5", "hash_mismatch redis_differs stream_version version_gap wrong_key")]
    [InlineData("update mt_streams set version = 4 where id = 'room-lobby'", "stream_version")]
    [InlineData("update mt_events set headers = headers - 'hash' where seq_id = 2", "redis_differs unhashed_event broken_chain")]
    [InlineData("update mt_events set headers = headers || '{\"hash\": \"00\"}' where seq_id = 2", "broken_chain hash_mismatch redis_differs")]
    [InlineData("update mt_events set type = 'room_of_tomorrow' where seq_id = 5", "hash_mismatch missing_key redis_differs undecodable_event wrong_key")]
    public async Task Damage_of_the_log_is_found(string damage, string kinds)
    {
        await Live();

        await pipeline.Sql(damage);

        Assert.Equal(kinds.Split(' ').Order(), (await Kinds()).Distinct());
    }

    [Fact]
    public async Task A_foreign_row_is_found_until_it_is_skipped()
    {
        await Live();
        await pipeline.InsertForeign("order-17");
        Assert.Equal(["foreign_event"], await Kinds());

        var parked = await Parked();
        Assert.Equal(["foreign_event"], await Kinds());
        await pipeline.Parking.Skip(parked.Position, "ada");

        Assert.Empty(await Kinds());
    }

    [Fact]
    public async Task An_unreadable_event_is_found_until_it_is_skipped()
    {
        await Live();
        await pipeline.AppendPoison(Lobby, 5);
        Assert.Equal(["undecodable_event"], await Kinds());

        var parked = await Parked();
        await pipeline.Parking.Skip(parked.Position, "ada");

        Assert.Empty(await Kinds());
    }

    [Fact]
    public async Task Damage_of_the_views_is_found()
    {
        await Live();
        await pipeline.Etcd.Delete(pipeline.Keys.Mixer(Lobby));
        await pipeline.Etcd.Put(pipeline.Keys.Meta(Lobby), "{}"u8.ToArray());
        await pipeline.Etcd.Put("/rooms/ghost/meta", "{}"u8.ToArray());
        await pipeline.Etcd.Put("/rooms/not a room", "{}"u8.ToArray());

        Assert.Equal(["extra_key", "extra_key", "missing_key", "wrong_key"], await Kinds());
    }

    [Fact]
    public async Task Damage_of_redis_is_found()
    {
        await Live();
        var key = (await Task.WhenAll(pipeline.Streams.Keys.Select(async key => (key, (await pipeline.Redis.StreamRangeAsync(key)).Count)))).MaxBy(stream => stream.Count).key;
        var entries = await pipeline.Redis.StreamRangeAsync(key);
        await pipeline.StopLast();
        await pipeline.StopLast();

        await pipeline.Redis.ExecuteAsync(["XDEL", key, entries[1].Id]);
        Assert.Equal(["redis_missing"], await Kinds());

        await pipeline.Redis.KeyDeleteAsync(key);
        await pipeline.Redis.StreamAddAsync(key, [.. entries[0].Values.Select(field => field.Name == "data" ? new("data", "{}") : field)], entries[0].Id);
        await pipeline.Redis.StreamAddAsync(key, [new("hello", "world")], $"{entries[0].Id.Split('-')[0]}-1");
        Assert.Equal(["redis_differs", "redis_extra"], await Kinds());
    }

    [Fact]
    public async Task Trimmed_entries_are_no_damage()
    {
        await Live();
        foreach (var key in pipeline.Streams.Keys)
            await pipeline.Redis.StreamTrimByMinIdAsync(key, "4-0");

        Assert.Empty(await Kinds());
    }

    /// <summary>Lobby is on air; another room was, and is deleted.</summary>
    private async Task Live()
    {
        pipeline.StartBoth();
        await pipeline.PutOnAir(Lobby, Noon);
        await pipeline.PutOnAir(Rooms[0], Noon);
        await pipeline.Remove(Rooms[0], Noon);
        await pipeline.Settled(Lobby, Rooms[0]);
        await pipeline.CompletelyRelayed();
    }

    private Task<ParkedEvent> Parked() =>
        Eventually.Value(async () => (await pipeline.Store.Parked.List()).SingleOrDefault(), Pipeline.Soon, "the event is parked");

    /// <summary>Of what was settled before the damage: nothing has to be waited for.</summary>
    private async Task<IEnumerable<string>> Kinds() => (await pipeline.NewVerify(TimeSpan.FromMilliseconds(500)).Run()).Findings.Select(finding => finding.Kind).Order();
}
