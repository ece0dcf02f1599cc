using EventRtc.EventStore;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit;
using static EventRtc.EventStore.AppendResult;

namespace EventRtc.Platform.Tests.EventStore;

/// <summary>A caller that gives up: an append that still waits is taken back for good, one that is on its way is answered.</summary>
[Collection(nameof(PostgresCollection))]
public sealed class WithdrawalTests(PostgresFixture postgres)
{
    [Fact]
    public async Task A_waiting_append_is_taken_back_and_makes_room_and_one_under_way_is_answered()
    {
        var database = await postgres.NewDatabase();
        await using var store = new PostgresEventStore(new EventStoreOptions { Dsn = database, MaxWaiting = 1 }, TimeProvider.System, NullLogger<PostgresEventStore>.Instance);
        await store.Migrate();
        using var giveUp = new CancellationTokenSource();
        Task<AppendResult> underWay, next;

        await using (var held = new NpgsqlConnection(database + ";Pooling=false"))
        {
            await held.OpenAsync();
            await using var hold = new NpgsqlCommand("begin; lock table mt_events in exclusive mode", held);
            await hold.ExecuteNonQueryAsync();
            underWay = store.Append(new StreamId("room-under-way"), 0, ct: giveUp.Token);
            var waiting = store.Append(new StreamId("room-waiting"), 0, ct: giveUp.Token);

            await giveUp.CancelAsync();

            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
            Assert.False(underWay.IsCompleted);
            next = store.Append(new StreamId("room-next"), 0); // its place in the queue is free again
        }

        Assert.IsType<Appended>(await underWay);
        Assert.IsType<Appended>(await next);
        Assert.Equal(["room-under-way", "room-next"], (await store.ReadAll(Position.Start, 10)).Select(e => e.Stream.Value));
    }

    [Fact]
    public async Task Whoever_has_given_up_already_does_not_even_wait()
    {
        await using var store = await postgres.NewStore();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.Append(Sample.Lobby, 0, ct: new CancellationToken(canceled: true)));

        Assert.Empty(await store.ReadAll(Position.Start, 10));
    }

    [Fact]
    public async Task Of_many_who_give_up_at_random_each_is_either_executed_or_taken_back()
    {
        await using var store = await postgres.NewStore();
        var random = new Random(1);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 500).Select(async n =>
        {
            using var giveUp = new CancellationTokenSource(TimeSpan.FromMilliseconds(random.Next(30)));
            try
            {
                await store.Append(new StreamId($"room-{n}"), 0, ct: giveUp.Token);
                return (n, Executed: true);
            }
            catch (OperationCanceledException)
            {
                return (n, Executed: false);
            }
        }));

        var stored = (await store.ReadAll(Position.Start, 1000)).Select(e => e.Stream.Value).Order();
        Assert.Equal(outcomes.Where(outcome => outcome.Executed).Select(outcome => $"room-{outcome.n}").Order(), stored);
    }
}
