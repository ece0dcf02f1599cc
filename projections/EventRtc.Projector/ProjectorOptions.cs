using System.ComponentModel.DataAnnotations;

namespace EventRtc.Projector;

/// <summary>How events go from the log to Redis and into the views.</summary>
public sealed record ProjectorOptions
{
    /// <summary>Streams that the events are spread over by room. The same number for every replica. Default 4; 1 to 64.</summary>
    [Range(1, 64)]
    public int Partitions { get; init; } = 4;

    /// <summary>Events that are handed on at once; a batch is one step for Redis, which serves nobody else meanwhile. Default 256; 1 to 1000.</summary>
    [Range(1, 1000)]
    public int BatchSize { get; init; } = 256;

    /// <summary>
    /// How long nobody relays after the relay that leads died; about a second more until etcd looks. One that stops in order is replaced at once. Default 3 s; 1 s to 1 min.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan LeaderTtl { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How many positions behind the last one the streams in Redis keep at least, also when every consumer has read them. Default 100000; 0 to 2147483647.</summary>
    [Range(0, int.MaxValue)]
    public int Retention { get; init; } = 100_000;

    /// <summary>How often the relay that leads trims the streams. Default 10 s; 10 ms to 24 h.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00")]
    public TimeSpan TrimInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How old the oldest event may be that its room does not show, before the projector calls itself unhealthy. Default 1 min; 1 s to 24 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan MaxLag { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Rooms written at once. Default 16; 1 to 256.</summary>
    [Range(1, 256)]
    public int Parallelism { get; init; } = 16;

    /// <summary>Rooms of which this process remembers what etcd shows, about 1 kB each; 0: none, each event begins with a read. Default 20000; 0 to 1000000.</summary>
    [Range(0, 1_000_000)]
    public int KnownRooms { get; init; } = 20_000;

    /// <summary>How long a lost wake-up goes unnoticed. Default 1 s; 10 ms to 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long an event may lie with a replica before another one, or the same one, tries it again. Default 5 s; 100 ms to 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan ReclaimAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long views may take to show a room's last events before `verify` counts them as wrong. Default 5 s; 100 ms to 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan VerifyPatience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a deleted room's version is kept in etcd, so that late events need no look into the store. Default 1 h; 1 s to 168 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan TombstoneTtl { get; init; } = TimeSpan.FromHours(1);
}
