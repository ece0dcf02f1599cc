using EventRtc.Contracts.Directories;
using EventRtc.Domain;
using EventRtc.Etcd;
using EventRtc.EventStore;
using EventRtc.Hosting;
using EventRtc.Hosting.Logging;
using EventRtc.Rooms.Housekeeping.Moves;
using EventRtc.Rooms.Modules;

namespace EventRtc.Rooms.Housekeeping;

/// <summary>
/// What one process of several does for all: ends rooms that nobody ended, moves rooms away from modules that cannot hold them, and marks what is drained. Two at once would
/// only do needless work: each change is bound to what was seen.
/// </summary>
public sealed class Housekeeper(
    Leadership leadership, RoomDirectory rooms, RoomCommands commands, Mover mover, Drained drained, HousekeepingOptions options, TimeProvider clock, ILogger<Housekeeper> log)
{
    /// <summary>Rooms that are ended at once.</summary>
    private const int AtOnce = 8;

    /// <summary>An operator waits for it.</summary>
    private static readonly TimeSpan DrainedEvery = TimeSpan.FromSeconds(1);

    /// <summary>Waits to lead, then leads until cancelled.</summary>
    /// <exception cref="EtcdException">etcd is away, or the lead was lost: run it again.</exception>
    public Task Run(CancellationToken ct) => leadership.Run((_, leading) => Together.Run(leading, Sweep, mover.Run, SayWhatIsDrained), ct);

    private async Task Sweep(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(options.Every, clock);
        do
        {
            await rooms.WhenSynced(ct);
            await Parallel.ForEachAsync(rooms.Rooms(), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (room, stop) => await LookAfter(room, stop));
        }
        while (await timer.WaitForNextTickAsync(ct));
    }

    /// <summary>A room that fails does not keep the others from being looked after; it has its turn again with the next sweep.</summary>
    private async Task LookAfter(RoomId room, CancellationToken ct)
    {
        try
        {
            if (Overdue.Find(room, rooms.Find(room), options, clock.GetUtcNow()) is { } due)
                await End(due, ct);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            log.LogWarning("Room {Room} could not be looked after: {Reason}", room, failure.Message);
        }
    }

    private async Task SayWhatIsDrained(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(DrainedEvery, clock);
        while (await timer.WaitForNextTickAsync(ct))
        {
            try
            {
                await drained.Report(ct);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                log.LogWarning("Nobody was told which modules are drained: {Reason}", failure.Message);
            }
        }
    }

    private async Task End(RoomCommand due, CancellationToken ct)
    {
        var id = Guid.NewGuid();
        using var ids = log.With(("Command", id));
        if (await commands.Handle(due, state => Overdue.Still(due, state, options), new CommandContext(id, "housekeeping", id.ToString("N")), ct) is Handled<RoomState>.Done { Appended: true })
            log.LogInformation("Room {Room} has had its time: {What}", due.Room, due.GetType().Name);
    }
}
