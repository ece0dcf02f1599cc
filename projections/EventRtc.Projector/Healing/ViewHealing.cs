using EventRtc.Domain;
using EventRtc.Etcd;
using EventRtc.EventStore;
using EventRtc.Hosting;
using EventRtc.Projections;
using EventRtc.Reconciling;

namespace EventRtc.Projector;

/// <summary>
/// Brings back views that vanished without the log saying so: an operator's slip, a script gone wrong, an etcd that lost its data. What went while it watches is looked at
/// room by room; before that, rooms that lack a view; and an etcd that nobody ever compared with the log, or that lost the note of it, is rebuilt whole.
/// </summary>
public sealed class ViewHealing(
    EtcdClient etcd, Rebuild rebuild, RoomProjection projection, ViewKeys keys, ProjectorOptions options, RetryOptions retry, TimeProvider clock, ILogger<ViewHealing> log)
{
    /// <summary>Says that etcd's views were all made from the log once, and since then step by step. It goes with the data that it speaks of.</summary>
    private readonly string compared = $"/compared{keys.Prefix}";

    /// <summary>Runs until cancelled.</summary>
    /// <exception cref="EtcdException">etcd is away: run it again.</exception>
    /// <exception cref="EventStoreUnavailableException">PostgreSQL is away: run it again.</exception>
    public async Task Run(CancellationToken ct)
    {
        var work = new SchedulerOptions { Name = "heal views", KeyName = "Room", Parallelism = options.Parallelism, FirstRetry = retry.First, LastRetry = retry.Longest };
        var scheduler = new KeyedScheduler<RoomId>(Look, work, clock, log);
        await Together.Run(ct, scheduler.Run, running => Follow(scheduler, running));
    }

    private async Task Follow(KeyedScheduler<RoomId> scheduler, CancellationToken ct)
    {
        var opened = false;
        await foreach (var batch in etcd.WatchDeletions(keys.Prefix, ct))
        {
            if (!opened)
                await Compare(scheduler, ct); // while the watch is open, so that nothing falls between the two
            opened = true;
            foreach (var gone in batch.Events)
                if (keys.TryParse(gone.Item.Key, out var room, out _))
                    scheduler.Schedule(room);
        }
    }

    private async Task Compare(KeyedScheduler<RoomId> scheduler, CancellationToken ct)
    {
        if (await etcd.Get(compared, ct) is null)
        {
            var report = await rebuild.Run(dryRun: false, ct: ct);
            log.LogInformation("etcd was compared with the log for the first time: {Rooms} of {All} rooms were not right", report.RoomsChanged, report.Rooms);
            await etcd.Put(compared, "yes"u8.ToArray(), ct: ct);
            return;
        }
        foreach (var (room, shown) in (await ShownRooms.Read(etcd, keys, ct)).Rooms)
            if (shown.MayHaveLostViews(keys, room))
                scheduler.Schedule(room);
    }

    private async Task<Recheck> Look(RoomId room, CancellationToken ct)
    {
        var restored = await projection.Restore(room, ct);
        if (restored.Count > 0)
        {
            ProjectorMetrics.RoomHealed();
            log.LogWarning("{Keys} views of room {Room} had vanished without a word in the log, and are back", restored.Count, room);
        }
        return Recheck.Never;
    }
}
