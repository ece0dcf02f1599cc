using Npgsql;

namespace EventRtc.EventStore;

/// <summary>
/// PostgreSQL is away, too slow or starting; try again. An append that ended so may still have been executed: repeat it with the same event ids.
/// The message names the server and, where that helps an operator, the reason; what the server said is the inner exception, for the log only.
/// </summary>
public sealed class EventStoreUnavailableException(string server, Exception inner) : Exception($"PostgreSQL at {server} {Reason(inner)}", inner)
{
    /// <summary>The connection was there and broke, so that the answer is lost and not the server: asking again at once may help.</summary>
    internal bool ConnectionLost { get; init; }

    /// <summary>True when trying again can help, as opposed to a statement that PostgreSQL refuses each time.</summary>
    internal static bool Explains(Exception fault) => fault switch
    {
        PostgresException { SqlState: PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.ReadOnlySqlTransaction } => true,
        PostgresException { SqlState: PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedFunction } => true, // not migrated yet
        NpgsqlException { IsTransient: true } => true,
        TimeoutException or IOException => true,
        _ => false,
    };

    /// <summary>True when the connection broke, as opposed to a server that is slow.</summary>
    internal static bool IsBreak(Exception fault) => fault switch
    {
        PostgresException { SqlState: PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown } => true,
        PostgresException => false,
        NpgsqlException { InnerException: not TimeoutException } or IOException => true,
        _ => false,
    };

    private static string Reason(Exception fault) => (fault as PostgresException)?.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification => "refuses the user or the password",
        PostgresErrorCodes.InvalidCatalogName => "does not have the database",
        PostgresErrorCodes.CannotConnectNow => "is starting or stopping",
        PostgresErrorCodes.TooManyConnections => "has no connection left",
        PostgresErrorCodes.QueryCanceled => "took too long",
        PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedFunction => "does not have our tables yet",
        _ => "does not answer",
    };
}
