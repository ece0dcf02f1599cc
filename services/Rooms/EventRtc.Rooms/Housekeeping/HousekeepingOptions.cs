using System.ComponentModel.DataAnnotations;

namespace EventRtc.Rooms.Housekeeping;

/// <summary>HOUSEKEEPING_*</summary>
public sealed record HousekeepingOptions
{
    /// <summary>How often all rooms are looked through. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A room that was created and not started for this long is removed. Default 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan NeverStarted { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>A room that has been on air for this long is removed. Default 3 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan OverAge { get; init; } = TimeSpan.FromHours(3);
}
