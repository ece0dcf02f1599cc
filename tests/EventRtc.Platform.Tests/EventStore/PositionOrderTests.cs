using EventRtc.EventStore;
using Xunit;

namespace EventRtc.Platform.Tests.EventStore;

/// <summary>Readers remember only the last position they saw, so a lower one must never become visible after a higher one.</summary>
[Collection(nameof(PostgresCollection))]
public sealed class PositionOrderTests(PostgresFixture postgres)
{
    private const int Streams = 8;
    private const int EventsEach = 20;

    [Fact]
    public async Task A_reader_who_follows_32_appenders_of_four_processes_misses_nothing()
    {
        var database = await postgres.NewDatabase();
        await using var store = PostgresFixture.Open(database);
        await store.Migrate();
        PostgresEventStore[] processes = [.. Enumerable.Range(0, 4).Select(_ => PostgresFixture.Open(database))];

        var appending = Task.WhenAll(processes.SelectMany(process => Enumerable.Range(0, Streams).Select(n => Append(process, n))));
        var seen = await Follow(store, processes.Length * Streams * EventsEach);
        await appending;

        Assert.Equal(seen, (await store.ReadAll(Position.Start, int.MaxValue)).Select(e => e.Position));
        Assert.Equal(Enumerable.Range(1, seen.Count).Select(n => new Position(n)), seen);
        foreach (var process in processes)
            await process.DisposeAsync();
    }

    private static async Task Append(PostgresEventStore store, int stream)
    {
        for (var i = 0; i < EventsEach; i++)
            await store.AppendAnyhow(new StreamId($"room-{stream}"));
    }

    private static async Task<List<Position>> Follow(PostgresEventStore store, int count)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var seen = new List<Position>();
        while (seen.Count < count)
            seen.AddRange((await store.ReadAll(seen.LastOrDefault(), 50, limit.Token)).Select(e => e.Position));
        return seen;
    }
}
