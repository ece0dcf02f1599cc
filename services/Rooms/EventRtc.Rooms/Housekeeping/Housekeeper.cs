using EventRtc.Contracts.Directories;
using EventRtc.Domain;
using EventRtc.EventStore;
using EventRtc.Projections;

namespace EventRtc.Rooms.Housekeeping;

/// <summary>Ends rooms that nobody ended. Several replicas may do so at once: a command that was decided already decides to nothing.</summary>
public sealed class Housekeeper(RoomDirectory rooms, RoomCommands commands, HousekeepingOptions options, TimeProvider clock, ILogger<Housekeeper> log)
{
    public async Task Run(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(options.Every, clock);
        while (await timer.WaitForNextTickAsync(ct))
            foreach (var (room, views) in rooms.Synced ? rooms.All() : new Dictionary<RoomId, RoomViews>())
                if (Overdue.Find(room, views, options, clock.GetUtcNow()) is { } due)
                    await End(due, ct);
    }

    private async Task End(RoomCommand due, CancellationToken ct)
    {
        var id = Guid.NewGuid();
        if (await commands.Handle(due, new CommandContext(id, "housekeeping", id.ToString("N")), ct) is Handled<RoomState>.Done { Appended: true })
            log.LogInformation("Room {Room} has had its time: {Command}", due.Room, due.GetType().Name);
    }
}
