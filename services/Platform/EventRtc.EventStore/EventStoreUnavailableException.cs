using Npgsql;

namespace EventRtc.EventStore;

/// <summary>
/// PostgreSQL is away, too slow or starting; try again. An append that ended so may still have been executed: repeat it with the same event ids.
/// The message names the server and nothing else; what it said is the inner exception, for the log only.
/// </summary>
public sealed class EventStoreUnavailableException(string server, Exception inner)
    : Exception($"PostgreSQL at {server} is not available.", inner)
{
    /// <summary>True when trying again can help, as opposed to a statement that PostgreSQL refuses each time.</summary>
    internal static bool Explains(Exception fault) => fault switch
    {
        PostgresException { SqlState: PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.ReadOnlySqlTransaction } => true,
        NpgsqlException { IsTransient: true } => true,
        TimeoutException or IOException => true,
        _ => false,
    };
}
