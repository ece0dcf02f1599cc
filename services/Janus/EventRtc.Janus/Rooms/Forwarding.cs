using EventRtc.Contracts.Clients;
using EventRtc.Janus.Admin;

namespace EventRtc.Janus.Rooms;

/// <summary>Exactly one forwarder from a bridge to where the room's mixer listens, and what is reported of it.</summary>
public sealed class Forwarding(JanusAdmin janus, RoomsClient rooms, JanusOptions options, TimeProvider clock, ILogger<Forwarding> log)
{
    private readonly ModuleId self = options.Id!.Value;

    /// <param name="bridge">The AudioBridge room's number.</param>
    /// <param name="running">The forwarders it has now.</param>
    public async Task Keep(RoomId room, long bridge, IReadOnlyList<Forwarder> running, RoomViews views, CancellationToken ct)
    {
        // Not known yet, or its view has vanished: until there is another one, what the last one told holds.
        if (views.Mixer is not { } mixer || mixer.Id != views.Live?.MixerId)
            return;
        var right = running.FirstOrDefault(forwarder => Feeds(forwarder, mixer));
        foreach (var wrong in running.Where(forwarder => forwarder != right))
            await janus.StopForwarding(bridge, wrong.StreamId, ct);

        var reported = views.Janus is { Status: JanusStatus.Forwarding } view && view.Id == self && view.JanusRoomId == bridge;
        // A report that no longer holds is taken back before a new forwarder runs: its packets count from 1 again, and only
        // a new report tells the mixer so.
        if (reported && right is null)
            await rooms.Send(new RoomCommand.ReportForwardingStopped(room, self, clock.GetUtcNow()), ct);
        if (reported && right is not null)
            return;
        if (right is null)
        {
            var stream = await janus.StartForwarding(bridge, mixer.Ip, mixer.Port, ct);
            log.LogInformation("{Room}: forwarder {Stream} sends to {Ip}:{Port}", room, stream, mixer.Ip, mixer.Port);
        }
        await rooms.Send(new RoomCommand.ReportForwarding(room, self, bridge, mixer.Ip, mixer.Port, clock.GetUtcNow()), ct);
    }

    private static bool Feeds(Forwarder forwarder, MixerView mixer) =>
        forwarder is { Codec: "opus", PayloadType: JanusAdmin.OpusPayloadType, AlwaysOn: true }
        && forwarder.Ip == mixer.Ip && forwarder.Port == mixer.Port;
}
