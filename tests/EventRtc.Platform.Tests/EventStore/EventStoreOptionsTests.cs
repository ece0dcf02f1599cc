using System.ComponentModel.DataAnnotations;
using EventRtc.EventStore;
using Npgsql;
using Xunit;

namespace EventRtc.Platform.Tests.EventStore;

[Collection(nameof(PostgresCollection))]
public sealed class EventStoreOptionsTests(PostgresFixture postgres)
{
    [Fact]
    public async Task A_connection_string_may_be_a_URI()
    {
        var settings = new NpgsqlConnectionStringBuilder(await postgres.NewDatabase());
        await using var store = PostgresFixture.Open(
            $"postgres://postgres:any%20thing@127.0.0.1:{settings.Port}/{settings.Database}?search_path={settings.SearchPath}&sslmode=disable");

        await store.Migrate();

        Assert.Equal(new AppendResult.Appended(1, new Position(1)), await store.Append(Sample.Lobby, 0));
    }

    [Theory]
    [InlineData("postgres://ada:secret@db.example:5433/eventrtc", "db.example:5433")]
    [InlineData("postgresql://db.example/eventrtc", "db.example:5432")]
    [InlineData("Host=db.example;Port=5433;Username=ada;Password=secret", "db.example:5433")]
    public void The_server_is_shown_without_secrets(string dsn, string server)
    {
        var options = new EventStoreOptions { Dsn = dsn };

        Assert.Equal(server, options.Server);
        Assert.Equal($"PostgreSQL at {server}", options.ToString());
        Assert.True(Validator.TryValidateObject(options, new ValidationContext(options), null, validateAllProperties: true));
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("postgres://")]
    [InlineData("postgres://db.example/eventrtc?frobnicate=1")]
    [InlineData("Host=db.example;Frobnicate=1")]
    [InlineData("Username=ada")]
    public void A_connection_string_that_cannot_be_read_is_refused_at_start(string dsn)
    {
        var options = new EventStoreOptions { Dsn = dsn };

        Assert.False(Validator.TryValidateObject(options, new ValidationContext(options), null, validateAllProperties: true));
    }

    [Fact]
    public async Task A_wrong_address_is_named()
    {
        await using var store = PostgresFixture.Open("Host=127.0.0.1;Port=1;Username=postgres;Password=secret;Database=eventrtc");

        var fault = await Assert.ThrowsAsync<EventStoreUnavailableException>(() => store.Migrate());

        Assert.Equal("PostgreSQL at 127.0.0.1:1 does not answer", fault.Message);
    }
}
