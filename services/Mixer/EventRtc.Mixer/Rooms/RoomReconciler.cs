using EventRtc.Contracts.Clients;
using EventRtc.Contracts.Directories;
using EventRtc.JsonRpc;
using EventRtc.Mixer.Ports;
using EventRtc.Reconciling;

namespace EventRtc.Mixer.Rooms;

/// <summary>Makes what runs here for one room what its views want: ffmpeg while the room is on air with this mixer, else nothing.</summary>
public sealed class RoomReconciler(
    RoomDirectory directory, Stations stations, RoomsClient rooms, MixerOptions options, TimeProvider clock, ILogger<RoomReconciler> log)
{
    private readonly ModuleId self = options.Id!.Value;
    private readonly int hlsPort = options.HlsPort;

    /// <exception cref="TimeoutException">The rooms service does not answer; the scheduler tries again.</exception>
    /// <exception cref="NoPortException">All ports are in use; the scheduler tries again.</exception>
    public async Task<Recheck> Reconcile(RoomId room, CancellationToken ct)
    {
        try
        {
            return await CloseGap(room, ct);
        }
        catch (RpcException refusal) when (refusal.Code is RpcErrors.Conflict or RpcErrors.NotFound)
        {
            // The room has moved on and its views are about to follow: their change brings it up again.
            log.LogInformation("{Room}: a report was refused ({Reason})", room, refusal.Reason);
            return Recheck.After(options.Recheck);
        }
    }

    private async Task<Recheck> CloseGap(RoomId room, CancellationToken ct)
    {
        var views = directory.Find(room);
        switch (views.Live)
        {
            case { Status: LiveStatus.OnAir } live when live.MixerId == self:
                return await KeepOnAir(room, views, live.Nonce, ct);
            case { Status: LiveStatus.Removing } live when live.MixerId == self:
                await stations.TakeDown(room);
                // Also when nothing was left: the removal waits for this word.
                await rooms.Send(new RoomCommand.ReportMixerReleased(room, self, clock.GetUtcNow()), ct);
                return Recheck.After(options.Recheck);
            default:
                await stations.TakeDown(room);
                return Recheck.Never;
        }
    }

    private async Task<Recheck> KeepOnAir(RoomId room, RoomViews views, string nonce, CancellationToken ct)
    {
        var (port, retry) = await stations.KeepOnAir(room, views, nonce);
        if (port is { } listening && views.Mixer != new MixerView(self, $"{options.Ip}", listening.Rtp, hlsPort))
            await rooms.Send(new RoomCommand.ReportMixerPort(room, self, nonce, $"{options.Ip}", listening.Rtp, hlsPort, clock.GetUtcNow()), ct);
        return Recheck.After(retry ?? options.Recheck);
    }
}
