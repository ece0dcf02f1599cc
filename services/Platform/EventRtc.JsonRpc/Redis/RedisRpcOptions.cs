using System.ComponentModel.DataAnnotations;

namespace EventRtc.JsonRpc.Redis;

/// <summary>How one instance of a service takes its requests.</summary>
public sealed record RedisRpcServerOptions
{
    /// <summary>Requests handled at once; further ones wait in the stream, for this or another instance. Default 64; 1 to 10000.</summary>
    [Range(1, 10_000)] public int Parallelism { get; init; } = 64;

    /// <summary>
    /// A request whose consumer has not been heard of for so long goes to another one. Well below the callers' time-out, so that they do not notice. A living consumer keeps
    /// its requests however long they take. Default 2 s; 100 ms to 10 min.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan ReclaimAfter { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long handled requests and unread replies stay, for those who look into it. Default 3 min; 1 s to 24 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan KeepFor { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>How long a stop waits for requests under way; the rest goes to another instance. Default 5 s; 0 s to 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(5);
}

/// <summary>How one process asks services.</summary>
public sealed record RedisRpcClientOptions
{
    /// <summary>How long a request waits for its answer unless it says otherwise. The service drops it then. Default 5 s; 10 ms to 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long requests stay in a service's stream, whether an instance of it runs or not; whoever sends the next one drops older ones. A request that waits for its answer longer
    /// than that keeps what is there for as long as itself. Default 3 min; 1 s to 24 h.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan KeepFor { get; init; } = TimeSpan.FromMinutes(3);
}
