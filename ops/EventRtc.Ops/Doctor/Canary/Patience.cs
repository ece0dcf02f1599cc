namespace EventRtc.Ops.Doctor.Canary;

/// <summary>Waits for what comes about by itself.</summary>
internal sealed record Patience(TimeSpan Longest, TimeProvider Clock)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(200);

    /// <param name="look">True when it has come about; a network's failure is no answer yet.</param>
    /// <returns>How long it took; null when it did not come about in time.</returns>
    public async Task<TimeSpan?> Until(Func<Task<bool>> look, CancellationToken ct)
    {
        var started = Clock.GetTimestamp();
        while (true)
        {
            try
            {
                if (await look())
                    return Clock.GetElapsedTime(started);
            }
            catch (Exception fault) when (Reach.Explains(fault, ct))
            {
                // asked again until the time is over; the one who waits tells what was seen last
            }
            if (Clock.GetElapsedTime(started) >= Longest)
                return null;
            await Task.Delay(LookAgain, Clock, ct);
        }
    }
}
