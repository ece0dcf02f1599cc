using EventRtc.EventStore;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit;
using static EventRtc.EventStore.AppendResult;

namespace EventRtc.Platform.Tests.EventStore;

[Collection(nameof(PostgresCollection))]
public sealed class BackPressureTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Of_more_appends_than_may_wait_the_last_is_refused_at_once_and_the_others_are_executed()
    {
        var database = await postgres.NewDatabase();
        await using var store = new PostgresEventStore(new EventStoreOptions { Dsn = database, MaxWaiting = 2 }, TimeProvider.System, NullLogger<PostgresEventStore>.Instance);
        await store.Migrate();
        Task<AppendResult>[] taken;

        await using (var held = new NpgsqlConnection(database + ";Pooling=false"))
        {
            await held.OpenAsync();
            await using var hold = new NpgsqlCommand("begin; lock table mt_events in exclusive mode", held);
            await hold.ExecuteNonQueryAsync(); // the first append is under way and cannot end; the next two wait
            taken = [store.Append(Sample.Lobby, 0), store.Append(Sample.Lobby, 1), store.Append(Sample.Lobby, 2)];

            await Assert.ThrowsAsync<EventStoreBusyException>(() => store.Append(Sample.Lobby, 3));
            Assert.DoesNotContain(taken, append => append.IsCompleted);
        }

        Assert.All(await Task.WhenAll(taken), result => Assert.IsType<Appended>(result));
        Assert.IsType<Appended>(await store.Append(Sample.Lobby, 3));
    }
}
