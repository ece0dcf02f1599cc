using EventRtc.EventStore;
using EventRtc.Local.Servers;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit;

namespace EventRtc.Platform.Tests.EventStore;

/// <summary>One real PostgreSQL for all tests of the store, which run one after another; each opens a database of its own.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private readonly TestFolder folder = new();
    private int databases;

    public PostgresServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await PostgresServer.Start(folder.Path);

    /// <summary>A database without tables; its name makes the connection string.</summary>
    public async Task<string> NewDatabase()
    {
        var name = $"test{Interlocked.Increment(ref databases)}";
        await using var connection = new NpgsqlConnection(Server.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var create = new NpgsqlCommand($"create database {name}", connection);
        await create.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(Server.ConnectionString) { Database = name }.ConnectionString;
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
