using System.Net.Sockets;
using Npgsql;

namespace EventRtc.EventStore;

/// <summary>Connections with the options' time-outs; turns "PostgreSQL is away" into <see cref="EventStoreUnavailableException"/>.</summary>
internal sealed class PostgresSource : IAsyncDisposable
{
    private readonly NpgsqlDataSource pool;

    public PostgresSource(EventStoreOptions options)
    {
        var settings = PostgresDsn.Parse(options.Dsn);
        settings.ApplicationName ??= "eventrtc";
        settings.MaxPoolSize = options.MaxConnections;
        settings.Timeout = Seconds(options.ConnectTimeout);
        // PostgreSQL itself ends a statement in time; our own limit, a little later, is for a server that does not answer at all.
        settings.Options = $"{settings.Options} -c statement_timeout={(long)options.StatementTimeout.TotalMilliseconds}".TrimStart();
        settings.CommandTimeout = Seconds(options.StatementTimeout) + 1;
        settings.CancellationTimeout = 500;
        Server = options.Server;
        ConnectionString = settings.ConnectionString;
        pool = NpgsqlDataSource.Create(settings);
    }

    /// <summary>Host and port, as people may see it.</summary>
    public string Server { get; }

    /// <summary>For a connection outside the pool.</summary>
    public string ConnectionString { get; }

    public Task Use(Func<NpgsqlConnection, CancellationToken, Task> work, CancellationToken ct) =>
        Use(async (connection, token) => { await work(connection, token); return true; }, ct);

    public async Task<T> Use<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> work, CancellationToken ct)
    {
        await using var connection = await Open(ct);
        try
        {
            return await work(connection, ct);
        }
        catch (Exception fault) when (EventStoreUnavailableException.Explains(fault))
        {
            throw new EventStoreUnavailableException(Server, fault);
        }
    }

    /// <summary>A connection outside the pool.</summary>
    /// <param name="settings">Server settings for this one, as <c>-c name=value</c>.</param>
    public async Task<NpgsqlConnection> OpenAlone(string settings, CancellationToken ct = default)
    {
        // The buffer saves a quarter of the work where the whole log is read.
        var own = new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false, ReadBufferSize = 128 * 1024 };
        own.Options = $"{own.Options} {settings}";
        var connection = new NpgsqlConnection(own.ConnectionString);
        try
        {
            await connection.OpenAsync(ct);
            return connection;
        }
        catch (Exception fault) when (fault is NpgsqlException or SocketException or TimeoutException or IOException)
        {
            await connection.DisposeAsync();
            throw new EventStoreUnavailableException(Server, fault);
        }
    }

    public ValueTask DisposeAsync() => pool.DisposeAsync();

    private async Task<NpgsqlConnection> Open(CancellationToken ct)
    {
        try
        {
            return await pool.OpenConnectionAsync(ct);
        }
        catch (Exception fault) when (fault is NpgsqlException or SocketException or TimeoutException or IOException)
        {
            throw new EventStoreUnavailableException(Server, fault);
        }
    }

    private static int Seconds(TimeSpan time) => (int)Math.Ceiling(time.TotalSeconds);
}
