using EventRtc.Contracts.Clients;
using EventRtc.Contracts.Directories;
using EventRtc.JsonRpc;
using EventRtc.Reconciling;

namespace EventRtc.Mixer.Rooms;

/// <summary>Makes what runs here for one room what its views want: ffmpeg while the room is on air with this mixer, else nothing.</summary>
public sealed class RoomReconciler(
    RoomDirectory directory, Stations stations, RoomsClient rooms, MixerOptions options, TimeProvider clock, ILogger<RoomReconciler> log)
{
    private readonly ModuleId self = options.Id!.Value;
    private readonly int hlsPort = options.HlsPort;

    /// <exception cref="TimeoutException">The rooms service does not answer; the scheduler tries again.</exception>
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
                return await KeepOnAir(room, views, live, ct);
            case { Status: LiveStatus.OnAir } live:
                return await HandOver(room, views, live);
            case { Status: LiveStatus.Removing } live when live.MixerId == self:
                return await Release(room, ct);
            case null when stations.HaveAnyOf(room):
                return await AskTheLog(room, ct);
            case { } when stations.HaveAnyOf(room):
                await stations.TakeDown(room);
                return Recheck.Never;
            default:
                return Recheck.Idle;
        }
    }

    private async Task<Recheck> KeepOnAir(RoomId room, RoomViews views, LiveMeta live, CancellationToken ct)
    {
        // Its view has vanished, or the room was with another mixer meanwhile: the log knows which.
        if (views.Mixer is null && stations.WasShown(room, live.Nonce))
            views = views with { Mixer = (await rooms.Find(room, ct)).Mixer };
        var (port, retry, failures) = await stations.KeepOnAir(room, views, live);
        if (port is { } listening && views.Mixer != new MixerView(self, $"{options.Ip}", listening.Rtp, hlsPort))
            await rooms.Send(new RoomCommand.ReportMixerPort(room, self, live.Nonce, $"{options.Ip}", listening.Rtp, hlsPort, clock.GetUtcNow()), ct);
        if (retry is not null && failures >= options.FailuresBeforeMove)
            await AskForAnotherMixer(room, live.Nonce, failures, ct);
        return Recheck.After(retry ?? options.Recheck);
    }

    /// <summary>Its views have vanished, which is no wish to stop; what the log says counts, and the views come back.</summary>
    private async Task<Recheck> AskTheLog(RoomId room, CancellationToken ct)
    {
        await stations.KeepRunning(room);
        switch ((await rooms.Find(room, ct)).Live)
        {
            case { Status: LiveStatus.OnAir } live when live.MixerId == self:
                return Recheck.After(options.Recheck);
            case { Status: LiveStatus.OnAir } live:
                return await HandOver(room, RoomViews.Empty, live);
            case { } live when live.MixerId == self:
                return await Release(room, ct);
            default:
                await stations.TakeDown(room);
                return Recheck.After(options.Recheck);
        }
    }

    private async Task<Recheck> Release(RoomId room, CancellationToken ct)
    {
        await stations.TakeDown(room);
        // Also when nothing was left: the removal waits for this word.
        await rooms.Send(new RoomCommand.ReportMixerReleased(room, self, clock.GetUtcNow()), ct);
        return Recheck.After(options.Recheck);
    }

    private async Task<Recheck> HandOver(RoomId room, RoomViews views, LiveMeta live)
    {
        if (!stations.HaveAnyOf(room))
            return Recheck.Idle;
        return await stations.HandOver(room, views with { Live = live }, live) is { } again ? Recheck.After(again) : Recheck.Never;
    }

    private async Task AskForAnotherMixer(RoomId room, string nonce, int failures, CancellationToken ct)
    {
        try
        {
            await rooms.Move(new MoveRoom(room, ModuleKind.Mixer, self, nonce, MoveReasons.Failed(ModuleKind.Mixer)), ct);
            log.LogWarning("{Room} goes to another mixer: ffmpeg failed {Failures} times in a row here", room, failures);
        }
        catch (RpcException refusal)
        {
            log.LogInformation("{Room} stays here, although ffmpeg failed {Failures} times in a row ({Reason})", room, failures, refusal.Reason);
        }
    }
}
