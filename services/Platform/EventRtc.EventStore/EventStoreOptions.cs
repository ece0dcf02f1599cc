namespace EventRtc.EventStore;

/// <param name="ConnectionString">As Npgsql takes it (<c>Host=…;Username=…;Database=…</c>) or a URI (<c>postgres://user:password@host:5432/database</c>).</param>
public sealed record EventStoreOptions(string ConnectionString)
{
    /// <summary>How long PostgreSQL may work on one statement, waiting for locks included. Whole seconds.</summary>
    public TimeSpan StatementTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long opening a connection, or waiting for a free one, may take. Whole seconds.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Connections at once, the listener's not counted.</summary>
    public int MaxConnections { get; init; } = 20;
}
