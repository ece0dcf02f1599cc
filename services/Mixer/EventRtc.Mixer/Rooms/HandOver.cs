namespace EventRtc.Mixer.Rooms;

/// <summary>
/// How a mixer lets go of a room that is another one's now: it keeps the room on air until the other one listens, and serves the last segments for a while longer.
/// </summary>
internal sealed class HandOver(MixerOptions options, TimeProvider clock)
{
    private readonly long began = clock.GetTimestamp();
    private long? over;

    /// <summary>ffmpeg has ended here; what it made is still served.</summary>
    public bool IsOver => over is not null;

    /// <summary>How long that is to be so; zero or less when nothing is to be left.</summary>
    public TimeSpan Left => over is { } since ? options.Linger - clock.GetElapsedTime(since) : options.Linger;

    /// <summary>Whether ffmpeg is to end: the other one has reported its port, or does not come.</summary>
    public bool IsDue(RoomViews views) => views.Mixer?.Id == views.Live?.MixerId || clock.GetElapsedTime(began) > options.HandOverWithin;

    public void Over() => over ??= clock.GetTimestamp();
}
