using EventRtc.Contracts.Directories;
using EventRtc.Hosting;
using EventRtc.Reconciling;

namespace EventRtc.Mixer.Rooms;

/// <summary>
/// Holds the rooms of one mixer for as long as it runs: ends what a former run left, then follows the views. When it stops, ffmpeg processes
/// end and the folders stay, so that its next run goes on in them.
/// </summary>
public sealed class MixerWorker(
    RoomDirectory directory, RoomReconciler reconciler, Stations stations, WorkFolder folder, RoomTraces traces, RetryOptions retry, TimeProvider clock, ILogger<MixerWorker> log)
{
    /// <summary>Ending an ffmpeg may take its whole grace; other rooms must not wait for that.</summary>
    private readonly SchedulerOptions atOnce = new() { Name = "mixer rooms", KeyName = "Room", Parallelism = 32, FirstRetry = retry.First, LastRetry = retry.Longest };

    public async Task Run(CancellationToken ct)
    {
        await folder.EndLeftovers(clock, ct);
        var scheduler = new KeyedScheduler<RoomId>(traces.Follow(atOnce.Name, reconciler.Reconcile), atOnce, clock, log);
        stations.Ended += scheduler.Schedule;
        try
        {
            await directory.Drive(scheduler, folder.Rooms, ct);
        }
        finally
        {
            stations.Ended -= scheduler.Schedule;
            await stations.StopAll();
        }
    }
}
