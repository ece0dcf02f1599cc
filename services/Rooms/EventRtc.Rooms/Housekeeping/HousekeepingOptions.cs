using System.ComponentModel.DataAnnotations;

namespace EventRtc.Rooms.Housekeeping;

/// <summary>When rooms are removed, and how they are moved away from Januses and mixers that cannot hold them.</summary>
public sealed record HousekeepingOptions
{
    /// <summary>How often all rooms are looked through. Default 30 s; 10 ms to 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A room that was created and not started for this long is removed. Default 10 min; 1 s to 168 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan NeverStarted { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>A room that has been on air for this long is removed. Default 3 h; 1 s to 168 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan OverAge { get; init; } = TimeSpan.FromHours(3);

    /// <summary>
    /// A room that is being removed waits for its Janus and its mixer this long, then it is discarded. Recorded with each removal: another value holds for those that come
    /// after. Default 1 min; 1 s to 1 h.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan DiscardAfter { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The leader's lease: about so long, and a second more, nobody keeps house after it died. Default 3 s; 1 s to 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan LeaderTtl { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// A module without a heartbeat counts as gone so long after all modules were listed, unless its lease was seen to end. As long as the lease of a heartbeat. Default 10
    /// s; 1 s to 10 min.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan AbsentFor { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Rooms a second that are moved away from one module, and to one module. Default 10; 1 to 1000.</summary>
    [Range(1, 1000)]
    public int MovesPerSecond { get; init; } = 10;

    /// <summary>Rooms that are moved from or to one module at once, after a time of rest. Default 10; 1 to 1000.</summary>
    [Range(1, 1000)]
    public int MovesAtOnce { get; init; } = 10;

    /// <summary>A room that was moved stays for so long, unless its new module is gone. Default 5 s; 100 ms to 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan MoveRest { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A module that drains waits so long for one room to be heard again elsewhere before the next leaves. Default 5 s; 100 ms to 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan DrainPatience { get; init; } = TimeSpan.FromSeconds(5);
}
