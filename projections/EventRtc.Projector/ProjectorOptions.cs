using System.ComponentModel.DataAnnotations;

namespace EventRtc.Projector;

/// <summary>Bound under PROJECTOR.</summary>
public sealed record ProjectorOptions
{
    /// <summary>Streams that the events are spread over by room. The same number for every replica.</summary>
    [Range(1, 64)]
    public int Partitions { get; init; } = 4;

    /// <summary>Events that are handed on at once; a batch is one step for Redis, which serves nobody else meanwhile.</summary>
    [Range(1, 1000)]
    public int BatchSize { get; init; } = 256;

    /// <summary>Rooms written at once.</summary>
    [Range(1, 256)]
    public int Parallelism { get; init; } = 16;

    /// <summary>Rooms of which this process remembers what etcd shows, about 1 kB each; 0: none, each event begins with a read.</summary>
    [Range(0, 1_000_000)]
    public int KnownRooms { get; init; } = 20_000;

    /// <summary>How long a lost wake-up goes unnoticed.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long an event may lie with a replica before another one, or the same one, tries it again.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan ReclaimAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a deleted room's version is kept in etcd, so that late events need no look into the store. At least a second.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan TombstoneTtl { get; init; } = TimeSpan.FromHours(1);
}
