using System.Diagnostics;
using EventRtc.EventStore;
using EventRtc.Local;
using Xunit;
using static EventRtc.EventStore.AppendResult;

namespace EventRtc.Platform.Tests.EventStore;

/// <summary>What callers see while PostgreSQL is away, and that they need nothing but another try when it is back.</summary>
[Collection(nameof(PostgresCollection))]
public sealed class PostgresFaultTests(PostgresFixture postgres)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task After_kill_9_every_answered_append_is_there_and_appends_go_on()
    {
        await using var store = await postgres.NewStore();
        var answered = new List<Appended>();
        var appending = AppendUntilRefused(store, answered);
        await Eventually.True(() => answered.Count >= 50, Soon, "appends are under way");

        await postgres.Server.Kill();
        var (version, command) = await appending;
        var fault = await Assert.ThrowsAsync<EventStoreUnavailableException>(() => store.Head());
        Assert.Equal($"PostgreSQL at {postgres.Server.Address} does not answer", fault.Message);
        await postgres.Server.Restart();

        // The append without an answer may have been executed or not; repeated, it stands there exactly once.
        AppendResult result = new VersionConflict(-1);
        await Eventually.True(async () => (result = await store.Append(Sample.Lobby, version, command: command)) is Appended, Soon, "PostgreSQL is back");
        Assert.Equal(version + 1, Assert.IsType<Appended>(result).Version);
        var stored = await store.ReadStream(Sample.Lobby);
        Assert.Equal(answered.Select(a => a.Version).Append(version + 1), stored.Select(e => e.Version));
        Assert.Equal(answered.Select(a => a.Last), stored.SkipLast(1).Select(e => e.Position));
    }

    [Fact]
    public async Task A_frozen_server_ends_calls_in_time_and_goes_on_when_thawed()
    {
        await using var store = await postgres.NewStore();
        await store.Append(Sample.Lobby, 0);
        var command = Guid.NewGuid();

        await postgres.Server.Freeze();
        var waited = Stopwatch.StartNew();
        try
        {
            await Assert.ThrowsAsync<EventStoreUnavailableException>(() => store.Append(Sample.Lobby, 1, command: command));
            await Assert.ThrowsAsync<EventStoreUnavailableException>(() => store.ReadStream(Sample.Lobby));
            Assert.InRange(waited.Elapsed, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));
        }
        finally
        {
            postgres.Server.Thaw();
        }

        await Eventually.True(async () => await store.Append(Sample.Lobby, 1, command: command) is Appended { Version: 2 }, Soon, "PostgreSQL goes on");
        Assert.Equal(2, (await store.ReadStream(Sample.Lobby)).Count);
    }

    [Fact]
    public async Task Wake_ups_come_at_once_from_any_process_and_again_after_a_restart()
    {
        var database = await postgres.NewDatabase();
        await using var reader = PostgresFixture.Open(database);
        await using var writer = PostgresFixture.Open(database);
        await reader.Migrate();
        await using var appended = reader.Listen();
        var next = appended.Wait(Position.Start, 10, Soon, default);
        await Eventually.True(() => next.IsCompleted, Soon, "the listener is connected");

        next = appended.Wait(Position.Start, 10, Soon, default);
        await writer.Append(Sample.Lobby, 0);
        Assert.Equal(await reader.ReadAll(Position.Start, 10), await next);
        Assert.Empty(await appended.Wait(new Position(1), 10, TimeSpan.Zero, default));

        await postgres.Server.Restart();
        await Eventually.True(async () => await writer.Append(Sample.Lobby, 1) is not null, Soon, "PostgreSQL is back");
        await Eventually.True(async () =>
        {
            // From the head: what an earlier round appended would be brought at once, wake-up or not.
            next = appended.Wait(await reader.Head(), 10, TimeSpan.FromSeconds(1), default);
            if (next.IsCompleted)
                return false; // woken since the last round: an append now would wake the next one in the same way, for ever
            var version = (await reader.ReadStream(Sample.Lobby)).Count;
            await writer.Append(Sample.Lobby, version);
            return (await next) is [{ } brought] && brought.Version == version + 1;
        }, Soon, "woken again");
    }

    /// <summary>Appends one by one until PostgreSQL goes away; returns what the unanswered append was.</summary>
    private static async Task<(long Version, Guid Command)> AppendUntilRefused(PostgresEventStore store, List<Appended> answered)
    {
        var command = Guid.NewGuid();
        while (true)
        {
            try
            {
                answered.Add((Appended)await store.Append(Sample.Lobby, answered.Count, command: command));
                command = Guid.NewGuid();
            }
            catch (EventStoreUnavailableException)
            {
                return (answered.Count, command);
            }
        }
    }
}
