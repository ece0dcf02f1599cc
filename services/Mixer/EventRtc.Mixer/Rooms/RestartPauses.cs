namespace EventRtc.Mixer.Rooms;

/// <summary>
/// The pause before a child that has ended is started again: 100 ms, doubling to 10 s while it keeps ending. A run of over 10 s starts
/// the pauses anew.
/// </summary>
internal sealed class RestartPauses(TimeProvider clock)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private TimeSpan pause = First;
    private long started;
    private long ended;
    private TimeSpan wanted = TimeSpan.Zero;

    /// <summary>How long until the child may be started; zero or less when it may now.</summary>
    public TimeSpan Left => wanted - clock.GetElapsedTime(ended);

    public void Started() => started = clock.GetTimestamp();

    public void Ended()
    {
        ended = clock.GetTimestamp();
        if (clock.GetElapsedTime(started, ended) > Longest)
            pause = First;
        wanted = pause;
        pause = pause * 2 < Longest ? pause * 2 : Longest;
    }
}
