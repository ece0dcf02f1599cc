using System.Text;
using EventRtc.EventStore;
using Npgsql;
using Xunit;

namespace EventRtc.Platform.Tests.EventStore;

/// <summary>The whole log in binary says what row by row reading says.</summary>
[Collection(nameof(PostgresCollection))]
public sealed class ReadLogTests(PostgresFixture postgres) : IAsyncLifetime
{
    private string database = null!;
    private PostgresEventStore store = null!;

    public async ValueTask InitializeAsync()
    {
        database = await postgres.NewDatabase();
        store = PostgresFixture.Open(database);
        await store.Migrate();
    }

    public ValueTask DisposeAsync() => store.DisposeAsync();

    [Fact]
    public async Task Events_are_the_same_over_many_batches()
    {
        for (var stream = 0; stream < 40; stream++)
            await store.Append(new StreamId($"room-{stream}"), 0, count: 100);
        await Execute($"insert into mt_streams (id, version) values ('größe', 1); insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp) values (9000, '{Guid.NewGuid()}', 'größe', 1, '\"{new string('x', 1_000_000)}\"', 'from_elsewhere', now())");

        var read = await Read(new Position(17));

        Assert.Equal(await store.ReadAll(new Position(17), int.MaxValue), read);
        Assert.Equal(("größe", 1_000_002, null), (read[^1].Stream.Value, read[^1].Json.Length, read[^1].Proof));
    }

    [Fact]
    public async Task Bodies_alone_are_the_same()
    {
        await store.Append(Sample.Lobby, 0, count: 5);

        var bodies = new List<(long, string, long, string, string)>();
        await foreach (var batch in store.ReadLog(Position.Start, bodiesOnly: true))
            using (batch)
                bodies.AddRange(batch.Rows.Select(row => (row.Position.Value, row.Stream, row.Version, row.Type, Encoding.UTF8.GetString(row.Body.Span))));

        Assert.Equal((await store.ReadAll(Position.Start, 10)).Select(e => (e.Position.Value, e.Stream.Value, e.Version, e.Type, e.Json)), bodies);
    }

    [Fact]
    public async Task An_empty_log_has_no_batch() => Assert.Empty(await Read(Position.Start));

    [Fact]
    public async Task Reading_may_stop_at_any_batch()
    {
        for (var stream = 0; stream < 40; stream++)
            await store.Append(new StreamId($"room-{stream}"), 0, count: 100);

        await foreach (var batch in store.ReadLog(Position.Start))
        {
            batch.Dispose();
            break;
        }

        Assert.Equal(4000, (await store.Head()).Value);
    }

    [Fact]
    public async Task Without_tables_the_log_is_unavailable()
    {
        await Execute("drop table mt_events cascade");

        await Assert.ThrowsAsync<EventStoreUnavailableException>(() => Read(Position.Start));
    }

    private async Task<List<RecordedEvent>> Read(Position after)
    {
        var events = new List<RecordedEvent>();
        await foreach (var batch in store.ReadLog(after))
            using (batch)
                events.AddRange(batch.Rows.Select(row => row.ToEvent()));
        return events;
    }

    private async Task Execute(string sql)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
