using EventRtc.Contracts.Directories;
using EventRtc.Mixer.Rooms;

namespace EventRtc.Mixer;

/// <summary>A mixer that is asked to stop says so, and stays until its rooms were moved away and their last segments were played.</summary>
public sealed class Drain(Stations stations, MixerOptions options, TimeProvider clock, ILogger<Drain> log)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private volatile bool begun;

    /// <summary><see cref="IsUnderWay"/> is another one now.</summary>
    public event Action? Begun;

    public bool IsUnderWay => begun;

    /// <summary>Returns when nothing is held here any more, or nobody could take it.</summary>
    public async Task Run(ModuleDirectory mixers, CancellationToken ct)
    {
        begun = true;
        Begun?.Invoke();
        using var timer = new PeriodicTimer(Interval, clock);
        while (stations.Served > 0)
        {
            if (stations.Count > 0 && !mixers.Candidates().Any(other => other.Id != options.Id && other.IsPickable))
            {
                log.LogWarning("No other mixer can take the {Rooms} rooms of this one", stations.Count);
                return;
            }
            await timer.WaitForNextTickAsync(ct);
        }
    }
}
