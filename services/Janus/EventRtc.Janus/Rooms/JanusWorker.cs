using System.Diagnostics.Metrics;
using EventRtc.Contracts.Directories;
using EventRtc.Hosting;
using EventRtc.Janus.Admin;
using EventRtc.Reconciling;

namespace EventRtc.Janus.Rooms;

/// <summary>
/// Looks after one Janus for as long as it runs: follows the views of rooms, and asks Janus again and again for all its bridges, so that what a restart
/// of it lost is made again and what nobody wants is destroyed. It leaves everything running when it stops: its next run goes on with it.
/// </summary>
public sealed class JanusWorker(
    RoomDirectory directory, RoomReconciler reconciler, Bridges bridges, Canary canary, JanusAdmin janus, JanusHeartbeat heartbeat, RoomTraces traces, JanusOptions options, RetryOptions retry, TimeProvider clock, ILogger<JanusWorker> log)
{
    /// <summary>Janus serves one request of its AudioBridge after another: more at once only wait there.</summary>
    private readonly SchedulerOptions atOnce = new() { Name = "janus rooms", KeyName = "Room", Parallelism = 16, FirstRetry = retry.First, LastRetry = retry.Longest };

    /// <summary>Between a question without an answer and the next one: a Janus that was restarted is up within 50 ms.</summary>
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(100);

    private static readonly Meter Meter = new("EventRtc.Janus");
    private static readonly Counter<long> Restarts = Meter.CreateCounter<long>("eventrtc.janus.restarts", description: "Restarts of this worker's Janus that it has noticed");

    public async Task Run(CancellationToken ct)
    {
        Restarts.Add(0); // shown from the beginning, so that the first one is seen as a change
        var scheduler = new KeyedScheduler<RoomId>(traces.Follow(atOnce.Name, reconciler.Reconcile), atOnce, clock, log);
        await Task.WhenAll(directory.Drive(scheduler, bridges.Rooms, ct), Watch(scheduler, ct));
    }

    private async Task Watch(KeyedScheduler<RoomId> scheduler, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            var answered = await Look(scheduler, ct);
            // Here for the first time, or back: what waits out its failures need not wait any longer.
            if (heartbeat.JanusAnswered(answered))
                ScheduleAll(scheduler);
            await Task.Delay(answered ? options.Probe : AskAgain, clock, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <returns>False when Janus is away or does not serve us.</returns>
    private async Task<bool> Look(KeyedScheduler<RoomId> scheduler, CancellationToken ct)
    {
        try
        {
            var listed = await janus.ListRooms(ct);
            if (await canary.IsLost(listed, ct))
                StartOver(scheduler);
            foreach (var room in bridges.Compare(listed))
                scheduler.Schedule(room);
            JanusTelemetry.Looked(listed, bridges.Count);
            return true;
        }
        catch (Exception away) when (away is HttpRequestException or TimeoutException or JanusException)
        {
            JanusTelemetry.Looked(listed: null, bridges.Count);
            log.LogDebug("Janus at {Url} does not answer: {Reason}", options.AdminUrl, away.Message);
            return false;
        }
    }

    private void StartOver(KeyedScheduler<RoomId> scheduler)
    {
        Restarts.Add(1);
        log.LogWarning("Janus {Id} was restarted and has lost its rooms: {Rooms} are made again", options.Id, bridges.Count);
        bridges.Doubt();
        ScheduleAll(scheduler);
    }

    private void ScheduleAll(KeyedScheduler<RoomId> scheduler)
    {
        foreach (var room in directory.Rooms().Union(bridges.Rooms()))
            scheduler.Schedule(room);
    }
}
