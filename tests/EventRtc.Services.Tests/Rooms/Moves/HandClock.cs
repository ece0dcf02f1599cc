namespace EventRtc.Services.Tests.Rooms.Moves;

/// <summary>Time passes when a test says so.</summary>
internal sealed class HandClock : TimeProvider
{
    private long now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => now;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(now);

    public void Pass(TimeSpan time) => now += time.Ticks;
}
