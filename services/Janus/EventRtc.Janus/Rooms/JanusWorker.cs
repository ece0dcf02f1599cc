using EventRtc.Contracts.Directories;
using EventRtc.Janus.Admin;
using EventRtc.Reconciling;

namespace EventRtc.Janus.Rooms;

/// <summary>
/// Looks after one Janus for as long as it runs: follows the views of rooms, and asks Janus every second for all its rooms, so that what a restart
/// of it lost is made again and what nobody wants is destroyed. It leaves everything running when it stops: its next run goes on with it.
/// </summary>
public sealed class JanusWorker(
    RoomDirectory directory, RoomReconciler reconciler, Bridges bridges, JanusAdmin janus, JanusHeartbeat heartbeat, JanusOptions options, TimeProvider clock, ILogger<JanusWorker> log)
{
    /// <summary>Janus serves one request of its AudioBridge after another: more at once only wait there.</summary>
    private static readonly SchedulerOptions AtOnce = new() { Parallelism = 16 };

    public async Task Run(CancellationToken ct)
    {
        var scheduler = new KeyedScheduler<RoomId>(reconciler.Reconcile, AtOnce, clock, log);
        await Task.WhenAll(directory.Drive(scheduler, bridges.Rooms, ct), Watch(scheduler, ct));
    }

    private async Task Watch(KeyedScheduler<RoomId> scheduler, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            var listed = await List(ct);
            foreach (var room in listed is null ? [] : bridges.Compare(listed))
                scheduler.Schedule(room);
            // Here for the first time, or back: what waits out its failures need not wait any longer.
            if (heartbeat.JanusAnswered(listed is not null))
                foreach (var room in directory.All().Keys)
                    scheduler.Schedule(room);
            await Task.Delay(options.Probe, clock, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Null when Janus is away or does not serve us.</summary>
    private async Task<IReadOnlyList<Bridge>?> List(CancellationToken ct)
    {
        try
        {
            return await janus.ListRooms(ct);
        }
        catch (Exception away) when (away is HttpRequestException or TimeoutException or JanusException)
        {
            log.LogDebug("Janus at {Url} does not answer: {Reason}", options.AdminUrl, away.Message);
            return null;
        }
    }
}
