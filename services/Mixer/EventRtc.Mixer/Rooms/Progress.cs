namespace EventRtc.Mixer.Rooms;

/// <summary>Notices when segments stop coming.</summary>
/// <param name="limit">How long none may come although sound is sent.</param>
internal sealed class Progress(TimeSpan limit, TimeProvider clock)
{
    private long? seen;
    private long since = clock.GetTimestamp();

    /// <param name="next">The number of the next segment, as the folder shows it; null while it shows nothing.</param>
    /// <param name="expected">Whether sound is sent: without it no segment can come.</param>
    /// <returns>Whether none has come for too long.</returns>
    public bool IsStuck(long? next, bool expected)
    {
        if (!expected || next != seen)
            (seen, since) = (next, clock.GetTimestamp());
        return clock.GetElapsedTime(since) > limit;
    }

    public void Restart() => since = clock.GetTimestamp();
}
