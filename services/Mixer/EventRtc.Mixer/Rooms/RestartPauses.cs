namespace EventRtc.Mixer.Rooms;

/// <summary>
/// The pause before a child that has ended is started again: none after a run that was well, which is one of over 10 s; else 100 ms, doubling to 10 s
/// while it keeps ending.
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

    /// <summary>Runs in a row that were not well, and starts that failed.</summary>
    public int Failures { get; private set; }

    public void Started() => started = clock.GetTimestamp();

    /// <param name="blamed">The run may count as a failure; it pauses in any case.</param>
    public void Ended(bool blamed = true)
    {
        ended = clock.GetTimestamp();
        if (clock.GetElapsedTime(started, ended) > Longest)
            (Failures, pause, wanted) = (0, First, TimeSpan.Zero);
        else
            Pause(blamed);
    }

    /// <summary>It could not even be started.</summary>
    public void Failed()
    {
        ended = clock.GetTimestamp();
        Pause(blamed: true);
    }

    private void Pause(bool blamed)
    {
        if (blamed)
            Failures++;
        wanted = pause;
        pause = pause * 2 < Longest ? pause * 2 : Longest;
    }
}
