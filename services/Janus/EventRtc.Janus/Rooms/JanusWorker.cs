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
    private static readonly SchedulerOptions AtOnce = new() { Parallelism = 32 };

    public async Task Run(CancellationToken ct)
    {
        var scheduler = new KeyedScheduler<RoomId>(reconciler.Reconcile, AtOnce, clock, log);
        directory.Changed += scheduler.Schedule;
        try
        {
            await directory.WhenSynced(ct); // not earlier: unknown views would look like rooms that nobody wants
            await Task.WhenAll(scheduler.Run(ct), Watch(scheduler, ct));
        }
        finally
        {
            directory.Changed -= scheduler.Schedule;
        }
    }

    private async Task Watch(KeyedScheduler<RoomId> scheduler, CancellationToken ct)
    {
        var answered = false;
        while (!ct.IsCancellationRequested)
        {
            var listed = await List(ct);
            foreach (var room in listed is null ? [] : bridges.Compare(listed))
                scheduler.Schedule(room);
            // Back, or here for the first time: rooms whose reconcile waits out a failure need not wait any longer.
            foreach (var room in listed is not null && !answered ? directory.All().Keys : [])
                scheduler.Schedule(room);
            answered = listed is not null;
            heartbeat.JanusAnswered(answered);
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
