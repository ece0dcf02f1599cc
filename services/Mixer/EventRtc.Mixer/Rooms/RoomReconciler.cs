using EventRtc.Contracts;
using EventRtc.Reconciling;

namespace EventRtc.Mixer.Rooms;

/// <summary>Makes what runs here for one room what its views want: ffmpeg while the room is on air with this mixer, else nothing.</summary>
/// <param name="viewsOf">The room's views as they are known now.</param>
public sealed class RoomReconciler(Func<RoomId, RoomViews> viewsOf, Stations stations, RoomsClient rooms, MixerOptions options)
{
    private readonly ModuleId self = options.Id!.Value;
    private readonly int hlsPort = options.HlsPort;

    public async Task<Recheck> Reconcile(RoomId room, CancellationToken ct)
    {
        var views = viewsOf(room);
        switch (views.Live)
        {
            case { Status: LiveStatus.OnAir } live when live.MixerId == self:
                return await KeepOnAir(room, views, live.Nonce, ct);
            case { Status: LiveStatus.Removing } live when live.MixerId == self:
                await stations.TakeDown(room);
                await rooms.ReportMixerReleased(room, self, ct); // also when nothing was left: the removal waits for this word
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
            await rooms.ReportMixerPort(room, self, nonce, $"{options.Ip}", listening.Rtp, hlsPort, ct);
        return Recheck.After(retry ?? options.Recheck);
    }
}
