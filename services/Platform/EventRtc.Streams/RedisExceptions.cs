namespace EventRtc.Streams;

/// <summary>A call to Redis failed; the subclass says how far it came.</summary>
public abstract class RedisException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>There is no connection, or it broke before the answer came.</summary>
public sealed class RedisConnectionException(string message, bool mayHaveExecuted, Exception? inner = null) : RedisException(message, inner)
{
    /// <summary>False: the command never left this process. True: it was on its way, so only an idempotent one may be repeated.</summary>
    public bool MayHaveExecuted { get; } = mayHaveExecuted;
}

/// <summary>No answer came within <see cref="RedisOptions.CommandTimeout"/>.</summary>
public sealed class RedisTimeoutException(string message, bool mayHaveExecuted) : RedisException(message)
{
    /// <summary>True: the command was on its way and may be executed even after this exception.</summary>
    public bool MayHaveExecuted { get; } = mayHaveExecuted;
}

/// <summary>Back-pressure: <see cref="RedisOptions.QueueLimit"/> calls wait already. The command was not sent; slow down.</summary>
public sealed class RedisQueueFullException(string message) : RedisException(message);

/// <summary>Redis answered with an error. Nothing was executed, except what a script had written before it failed.</summary>
public sealed class RedisServerException(string message) : RedisException(message)
{
    /// <summary>The first word of the answer: ERR, WRONGTYPE, NOGROUP, BUSYGROUP, NOSCRIPT, ...</summary>
    public string Code { get; } = message.Split(' ', 2)[0];
}
