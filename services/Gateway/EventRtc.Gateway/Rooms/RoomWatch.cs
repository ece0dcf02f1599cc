using EventRtc.Contracts.Clients;
using EventRtc.Contracts.Directories;
using EventRtc.Domain;
using EventRtc.Gateway.Connections;
using EventRtc.Hosting;
using EventRtc.Projections;
using EventRtc.Reconciling;

namespace EventRtc.Gateway.Rooms;

/// <summary>
/// Tells connections what becomes of their rooms: that they ended, that their media moved, that it can be had again. Views that have vanished end no room: then the log is asked,
/// once for all connections of the room and until it answers.
/// </summary>
public sealed class RoomWatch
{
    /// <summary>How often the log is asked about a room whose views stay away.</summary>
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(5);

    private readonly Lobby lobby;
    private readonly RoomDirectory rooms;
    private readonly ModuleDirectory januses;
    private readonly RoomsClient log;
    private readonly KeyedScheduler<RoomId> scheduler;
    private readonly HashSet<ModuleId> present = [];

    public RoomWatch(Lobby lobby, RoomDirectory rooms, [FromKeyedServices(RoomDoor.Januses)] ModuleDirectory januses, RoomsClient log, RetryOptions retry, TimeProvider clock, ILogger<RoomWatch> logger)
    {
        (this.lobby, this.rooms, this.januses, this.log) = (lobby, rooms, januses, log);
        scheduler = new KeyedScheduler<RoomId>(Reconcile, new SchedulerOptions { Name = "rooms of connections", KeyName = "Room", FirstRetry = retry.First, LastRetry = retry.Longest }, clock, logger);
        januses.Changed += Hear;
    }

    public Task Run(CancellationToken ct) => rooms.Drive(scheduler, lobby.Rooms, ct);

    /// <summary>Has a room looked at.</summary>
    public void Look(RoomId room) => scheduler.Schedule(room);

    private async Task<Recheck> Reconcile(RoomId room, CancellationToken ct)
    {
        var there = lobby.In(room);
        if (there.Count == 0)
            return Recheck.Never;
        var views = rooms.Find(room);
        var live = views.Live ?? (await log.Find(room, ct)).Live;
        if (live is not { Status: LiveStatus.OnAir })
        {
            foreach (var connection in there)
                connection.EndWithRoom();
        }
        else if (views.Janus is { } janus)
        {
            var ready = januses.Find(janus.Id) is not null;
            foreach (var connection in there)
                connection.Look(janus, ready);
        }
        return views.Live is null ? Recheck.After(AskAgain) : Recheck.Never;
    }

    /// <summary>Called on the watching loop of the Januses alone.</summary>
    private void Hear(ModuleId janus)
    {
        if (januses.Find(janus) is null)
            present.Remove(janus);
        else if (present.Add(janus))
            foreach (var room in lobby.Rooms())
                if (rooms.Find(room).Janus is { } view && view.Id == janus)
                    foreach (var connection in lobby.In(room))
                        connection.LookAgain(view);
    }
}
