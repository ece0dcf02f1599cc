using EventRtc.EventStore;
using Npgsql;
using Xunit;
using static EventRtc.EventStore.AppendResult;

namespace EventRtc.Platform.Tests.EventStore;

/// <summary>A connection that breaks while a group commits: whether it landed or not, each caller gets one answer, and each event stands there once.</summary>
[Collection(nameof(PostgresCollection))]
public sealed class BrokenConnectionTests(PostgresFixture postgres) : IAsyncLifetime
{
    private const int Callers = 20;

    private TcpProxy network = null!;
    private PostgresEventStore store = null!;

    public async ValueTask InitializeAsync()
    {
        network = new TcpProxy(postgres.Server.Port);
        store = PostgresFixture.Open(new NpgsqlConnectionStringBuilder(await postgres.NewDatabase()) { Port = network.Port }.ConnectionString);
        await store.Migrate();
        await store.Append(Sample.Lobby, 0); // the connection for appends is open
    }

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        await network.DisposeAsync();
    }

    [Fact]
    public async Task An_append_that_landed_without_its_answer_is_answered_and_stands_there_once()
    {
        network.LoseAnswers(1);

        Assert.Equal(new Appended(2, new Position(2), Repeated: true), await store.Append(Sample.Lobby, 1));

        Assert.Equal(1, network.Lost);
        Assert.Equal(2, (await store.ReadStream(Sample.Lobby)).Count);
    }

    [Fact]
    public async Task An_append_that_did_not_land_goes_out_again()
    {
        network.LoseRequests(1);

        Assert.Equal(new Appended(2, new Position(2)), await store.Append(Sample.Lobby, 1));

        Assert.Equal(1, network.Lost);
        Assert.Equal(2, (await store.ReadStream(Sample.Lobby)).Count);
    }

    [Fact]
    public async Task Everybody_in_a_broken_group_gets_an_own_answer()
    {
        network.LoseAnswers(1);
        var first = store.Append(Sample.Lobby, 1);
        var others = Enumerable.Range(0, Callers).Select(n => store.Append(new StreamId($"room-{n}"), n % 2)).ToArray(); // every second one expects a version that is not there

        Assert.IsType<Appended>(await first);
        network.LoseAnswers(1);
        var answers = await Task.WhenAll(others);

        Assert.All(answers.Where((_, n) => n % 2 == 0), answer => Assert.Equal(1, Assert.IsType<Appended>(answer).Version));
        Assert.All(answers.Where((_, n) => n % 2 == 1), answer => Assert.Equal(new VersionConflict(0), answer));
        Assert.Equal(2 + (Callers / 2), (await store.ReadAll(Position.Start, 100)).Count);
    }

    [Fact]
    public async Task Appends_to_one_stream_that_break_again_and_again_leave_no_gap_and_no_double()
    {
        const int appends = 40;
        for (var version = 1; version <= appends; version++)
        {
            if (version % 4 == 0)
                network.LoseAnswers(1);
            if (version % 4 == 2)
                network.LoseRequests(1);
            Assert.Equal(version + 1, Assert.IsType<Appended>(await store.Append(Sample.Lobby, version)).Version);
        }

        Assert.Equal(appends / 2, network.Lost);
        Assert.Equal(Enumerable.Range(1, appends + 1).Select(n => (long)n), (await store.ReadStream(Sample.Lobby)).Select(e => e.Version));
    }
}
