using EventRtc.Contracts.Clients;
using EventRtc.Contracts.Directories;
using EventRtc.Janus.Admin;
using EventRtc.JsonRpc;
using EventRtc.Reconciling;

namespace EventRtc.Janus.Rooms;

/// <summary>
/// Makes what this Janus holds for one room what its views want: a bridge that forwards to the room's mixer while the room is on air here,
/// else nothing. Views that have vanished want nothing at all: then the log is asked.
/// </summary>
public sealed class RoomReconciler(
    RoomDirectory directory, Bridges bridges, Forwarding forwarding, Handover handover, Arrivals arrivals, RefusedRooms refused, RoomsClient rooms, JanusOptions options, TimeProvider clock, ILogger<RoomReconciler> log)
{
    private readonly ModuleId self = options.Id!.Value;

    /// <exception cref="HttpRequestException">Janus is away; the scheduler tries again.</exception>
    /// <exception cref="TimeoutException">Janus or the rooms service does not answer; the scheduler tries again.</exception>
    public async Task<Recheck> Reconcile(RoomId room, CancellationToken ct)
    {
        try
        {
            return await CloseGap(room, directory.Find(room), ct);
        }
        catch (RpcException refusal) when (refusal.Code is RpcErrors.Conflict or RpcErrors.NotFound)
        {
            // The room has moved on and its views are about to follow: their change brings it up again.
            log.LogInformation("{Room}: a report was refused ({Reason})", room, refusal.Reason);
            return Recheck.After(options.Recheck);
        }
    }

    private async Task<Recheck> CloseGap(RoomId room, RoomViews views, CancellationToken ct)
    {
        var live = views.Live is null && bridges.MayHold(room) ? (await rooms.Find(room, ct)).Live : views.Live;
        switch (live)
        {
            case { Status: LiveStatus.OnAir } when live.JanusId == self:
                handover.Stays(room);
                var mixerMoves = arrivals.MixerMovesWithin(room, views);
                if (views is { Live: { }, Meta: { } meta })
                    await KeepOnAir(room, mixerMoves is null ? views : views with { Mixer = null }, live, meta.Pin, ct);
                return Recheck.After(mixerMoves ?? options.Recheck);
            case { Status: LiveStatus.Removing } when live.JanusId == self:
                await bridges.Destroy(room, ct);
                // Also when nothing was left: the removal waits for this word.
                await rooms.Send(new RoomCommand.ReportJanusRoomDestroyed(room, self, clock.GetUtcNow()), ct);
                return Recheck.After(options.Recheck);
            case { Status: LiveStatus.OnAir }:
                arrivals.IsElsewhere(room, views.Mixer);
                return await handover.LetGo(room, live, views, ct);
            default:
                handover.Stays(room);
                arrivals.Forget(room);
                if (!bridges.MayHold(room))
                    return Recheck.Idle;
                await bridges.Destroy(room, ct);
                return Recheck.Never;
        }
    }

    private async Task KeepOnAir(RoomId room, RoomViews views, LiveMeta live, string pin, CancellationToken ct)
    {
        try
        {
            var (number, forwarders) = await bridges.Ensure(new BridgeName(room, live.Nonce), pin, ct);
            if (views.Janus is not { } reported || reported.Id != self || reported.JanusRoomId != number)
                await rooms.Send(new RoomCommand.ReportJanusRoom(room, self, live.Nonce, number, clock.GetUtcNow()), ct);
            await forwarding.Keep(room, number, forwarders, views, ct);
            refused.Forget(room);
        }
        catch (JanusException refusal)
        {
            await refused.Count(room, live.Nonce, refusal, ct);
            throw;
        }
    }
}
