using EventRtc.EventStore;
using EventRtc.Local.Servers;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit;

namespace EventRtc.Platform.Tests.EventStore;

/// <summary>One real PostgreSQL for all tests of the store, which run one after another; each starts from nothing.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private readonly TestFolder folder = new();

    public PostgresServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await PostgresServer.Start(folder.Path);

    /// <summary>Connects to a schema of its own, without tables: for the store the same as a new database, and made in no time.</summary>
    public Task<string> NewDatabase() => NewDatabase(Server);

    public static async Task<string> NewDatabase(PostgresServer server)
    {
        var schema = $"test_{Guid.NewGuid():N}";
        await using var connection = new NpgsqlConnection(server.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var create = new NpgsqlCommand($"create schema {schema}", connection);
        await create.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(server.ConnectionString) { SearchPath = schema }.ConnectionString;
    }

    /// <summary>A store on a new database, its tables made.</summary>
    public async Task<PostgresEventStore> NewStore()
    {
        var store = Open(await NewDatabase());
        await store.Migrate();
        return store;
    }

    /// <summary>One more process's store on a database; gives up on PostgreSQL after a second.</summary>
    public static PostgresEventStore Open(string connectionString) => new(
        new EventStoreOptions { Dsn = connectionString, StatementTimeout = TimeSpan.FromSeconds(1), ConnectTimeout = TimeSpan.FromSeconds(1) },
        TimeProvider.System, NullLogger<PostgresEventStore>.Instance);

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        folder.Dispose();
    }
}

[CollectionDefinition(nameof(PostgresCollection))]
public sealed class PostgresCollection : ICollectionFixture<PostgresFixture>;
