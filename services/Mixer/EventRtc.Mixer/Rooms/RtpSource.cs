namespace EventRtc.Mixer.Rooms;

/// <summary>
/// Which forwarder feeds a room. A new one counts its RTP packets from 1 again, and ffmpeg would drop them as late until they catch up:
/// it has to be started anew with the forwarder.
/// </summary>
/// <param name="Since">When the forwarder was reported: a later one from the same Janus room is another forwarder.</param>
internal sealed record RtpSource(ModuleId Janus, long JanusRoomId, DateTimeOffset Since)
{
    /// <summary>Null while nothing is forwarded to that port, or nothing known of it yet.</summary>
    public static RtpSource? Of(RoomViews views, int port) =>
        views is { Mixer: { } mixer, Janus: { Status: JanusStatus.Forwarding } janus } && mixer.Port == port
            ? new RtpSource(janus.Id, janus.JanusRoomId, janus.Timestamp)
            : null;
}
