using EventRtc.EventStore;
using Xunit;
using static EventRtc.EventStore.AppendResult;

namespace EventRtc.Platform.Tests.EventStore;

/// <summary>What any store of ours owes its callers; <see cref="PostgresEventStoreTests"/> binds it to PostgreSQL.</summary>
public abstract class EventStoreContract : IAsyncLifetime
{
    protected PostgresEventStore Store { get; private set; } = null!;

    protected abstract Task<PostgresEventStore> NewStore();

    public async ValueTask InitializeAsync() => Store = await NewStore();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Store.DisposeAsync();
    }

    [Fact]
    public async Task An_empty_store_starts_before_the_first_position()
    {
        Assert.Equal(Position.Start, await Store.Head());
        Assert.Empty(await Store.ReadStream(Sample.Lobby));
        Assert.Empty(await Store.ReadAll(Position.Start, 10));
    }

    [Fact]
    public async Task Events_come_back_as_they_went_in()
    {
        var command = Guid.NewGuid();
        var headers = new EventHeaders("user:ada", command, "errand-7", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        var body = """{"pin": "ab\"12", "größe": 3, "at": "2026-03-01T12:00:00+00:00"}""";

        await Store.Append(Sample.Lobby, StreamTip.None, [new NewEvent(EventId.For(command, 0), "room_created", "A+B, C", body, Sample.Noon)], headers);

        var stored = Assert.Single(await Store.ReadStream(Sample.Lobby));
        Assert.Equal(new RecordedEvent(new Position(1), Sample.Lobby, 1, EventId.For(command, 0), "room_created", stored.Json, Sample.Noon, headers, stored.Proof), stored);
        Assert.Equal(EventHash.Of(stored), stored.Proof?.Hash);
        Assert.True(System.Text.Json.Nodes.JsonNode.DeepEquals(
            System.Text.Json.Nodes.JsonNode.Parse(body), System.Text.Json.Nodes.JsonNode.Parse(stored.Json)));
    }

    [Fact]
    public async Task Versions_count_in_the_stream_and_positions_over_all_streams()
    {
        var cellar = new StreamId("room-cellar");
        Assert.Equal(new Appended(2, new Position(2)), await Store.Append(Sample.Lobby, 0, count: 2));
        Assert.Equal(new Appended(1, new Position(3)), await Store.Append(cellar, 0));
        Assert.Equal(new Appended(3, new Position(4)), await Store.Append(Sample.Lobby, 2));

        Assert.Equal(new Position(4), await Store.Head());
        Assert.Equal([1, 2, 3], (await Store.ReadStream(Sample.Lobby)).Select(e => e.Version));
        Assert.Equal([3], (await Store.ReadStream(Sample.Lobby, afterVersion: 2)).Select(e => e.Version));
        Assert.Equal([1], (await Store.ReadStream(Sample.Lobby, limit: 1)).Select(e => e.Version));
        Assert.Equal([(2, Sample.Lobby), (3, cellar)], (await Store.ReadAll(new Position(1), 2)).Select(e => (e.Position.Value, e.Stream)));
    }

    [Fact]
    public async Task A_stale_decision_is_refused_and_takes_no_position()
    {
        await Store.Append(Sample.Lobby, 0, count: 2);

        Assert.Equal(new VersionConflict(2), await Store.Append(Sample.Lobby, 0));
        Assert.Equal(new VersionConflict(2), await Store.Append(Sample.Lobby, 1, count: 3));
        Assert.Equal(new VersionConflict(2), await Store.Append(Sample.Lobby, 3));
        Assert.Equal(new VersionConflict(0), await Store.Append(new StreamId("room-nowhere"), 1));

        Assert.Equal(new Appended(3, new Position(3)), await Store.Append(Sample.Lobby, 2));
    }

    [Fact]
    public async Task A_repeated_append_answers_as_the_first_one_did()
    {
        var command = Guid.NewGuid();
        Assert.Equal(new Appended(2, new Position(2)), await Store.Append(Sample.Lobby, 0, count: 2, command));
        Assert.Equal(new Appended(2, new Position(2), Repeated: true), await Store.Append(Sample.Lobby, 0, count: 2, command));
        await Store.Append(Sample.Lobby, 2);

        Assert.Equal(new Appended(2, new Position(2), Repeated: true), await Store.Append(Sample.Lobby, 0, count: 2, command));
        Assert.Equal(3, (await Store.ReadAll(Position.Start, 10)).Count);
    }

    [Fact]
    public async Task A_repeat_is_recognised_where_the_first_try_landed_later()
    {
        var command = Guid.NewGuid();
        await Store.Append(Sample.Lobby, 0);
        await Store.Append(Sample.Lobby, 1, count: 2, command);

        Assert.Equal(new Appended(3, new Position(3), Repeated: true), await Store.Append(Sample.Lobby, 0, count: 2, command));
    }

    [Fact]
    public async Task An_append_without_events_is_a_bug() =>
        await Assert.ThrowsAsync<ArgumentException>(() => Store.Append(Sample.Lobby, StreamTip.None, [], Sample.Headers()));

    [Fact]
    public async Task Of_32_appenders_on_one_version_one_wins()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Store.Append(Sample.Lobby, 0)));

        Assert.Single(results.OfType<Appended>());
        Assert.All(results.OfType<VersionConflict>(), conflict => Assert.Equal(1, conflict.Actual));
    }

    [Fact]
    public async Task What_32_appenders_write_to_one_stream_has_no_gap_and_no_loss()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Store.AppendAnyhow(Sample.Lobby)));

        var stored = await Store.ReadStream(Sample.Lobby);
        Assert.Equal(Enumerable.Range(1, 32).Select(n => (long)n), stored.Select(e => e.Version));
        Assert.Equal(answers.OrderBy(a => a.Version), stored.Select(e => new Appended(e.Version, e.Position)));
    }

    [Fact]
    public async Task A_request_that_the_store_cannot_keep_does_not_take_others_along()
    {
        var unfit = Enumerable.Range(0, 8).Select(i => Store.Append(new StreamId($"room-unfit{i}"), StreamTip.None,
            [Sample.Events(Guid.NewGuid())[0] with { Json = """{"text":"\u0000"}""" }], Sample.Headers()));
        var fit = Enumerable.Range(0, 8).Select(i => Store.Append(new StreamId($"room-fit{i}"), 0));
        Task<AppendResult>[] all = [.. unfit.Zip(fit).SelectMany(pair => new[] { pair.First, pair.Second })];

        await Task.WhenAll(all).ContinueWith(_ => { }, TaskScheduler.Default);

        Assert.All(all.Where((_, i) => i % 2 == 0), task => Assert.True(task.IsFaulted));
        Assert.All(all.Where((_, i) => i % 2 == 1), task => Assert.IsType<Appended>(task.Result));
    }
}
