using System.ComponentModel.DataAnnotations;

namespace EventRtc.EventStore;

/// <summary>Where PostgreSQL is and how long it may take.</summary>
public sealed record EventStoreOptions
{
    /// <summary>
    /// A URI (<c>postgres://user:password@host:5432/database</c>) or as Npgsql takes it (<c>Host=…;Username=…;Database=…</c>). Default
    /// postgres://postgres@localhost:5432/eventrtc.
    /// </summary>
    [Required, PostgresDsn, DataType(DataType.Password)]
    public string Dsn { get; init; } = "postgres://postgres@localhost:5432/eventrtc";

    /// <summary>Host and port, as people may see them.</summary>
    public string Server => PostgresDsn.ServerOf(Dsn);

    /// <summary>How long PostgreSQL may work on one statement, waiting for locks included. Default 5 s; 1 s to 5 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan StatementTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long opening a connection, or waiting for a free one, may take; full seconds. Default 5 s; 1 s to 5 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Connections at once, the listener's not counted. Default 20; 1 to 500.</summary>
    [Range(1, 500)]
    public int MaxConnections { get; init; } = 20;

    /// <summary>Appends that wait for a transaction at once; the next one is refused at once, as <see cref="EventStoreBusyException"/>. Default 10000; 1 to 1000000.</summary>
    [Range(1, 1_000_000)]
    public int MaxWaiting { get; init; } = 10_000;

    /// <summary>Leaves the password out, so that options may be logged.</summary>
    public override string ToString() => $"PostgreSQL at {Server}";
}
