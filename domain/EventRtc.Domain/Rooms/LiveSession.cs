namespace EventRtc.Domain;

/// <summary>What carries a room's sound from its start to its removal.</summary>
/// <param name="Janus">Where anchors meet.</param>
/// <param name="Mixer">Where listeners' segments are made.</param>
/// <param name="Nonce">Names the session; new when it must not be mistaken for an earlier one.</param>
public sealed record LiveSession(ModuleId Janus, ModuleId Mixer, string Nonce, DateTimeOffset StartedAt)
{
    /// <summary>Null until the Janus reports a room, and again when it lost it.</summary>
    public long? JanusRoomId { get; init; }

    /// <summary>Null until the mixer reports where it listens, and again when it stopped.</summary>
    public MixerPort? Port { get; init; }

    /// <summary>The sound flows from <see cref="JanusRoomId"/> to <see cref="Port"/>; both are known then.</summary>
    public bool Forwarding { get; init; }

    public ModuleId ModuleOf(ModuleKind kind) => kind is ModuleKind.Janus ? Janus : Mixer;

    /// <summary>Whether the report comes from a module that holds the room in this session.</summary>
    internal bool Holds(RoomCommand report) => report switch
    {
        RoomCommand.ReportJanusRoom c => c.Janus == Janus && c.Nonce == Nonce,
        RoomCommand.ReportMixerPort c => c.Mixer == Mixer && c.Nonce == Nonce,
        RoomCommand.ReportForwarding c => c.Janus == Janus,
        RoomCommand.ReportForwardingStopped c => c.Janus == Janus,
        RoomCommand.ReportJanusRoomDestroyed c => c.Janus == Janus,
        RoomCommand.ReportMixerReleased c => c.Mixer == Mixer,
        _ => false,
    };

    /// <summary>A forwarder depends on both its ends: whenever one of them changes, it has to be reported again.</summary>
    internal LiveSession Apply(RoomEvent happened) => happened switch
    {
        RoomEvent.JanusRoomCreated e => this with { JanusRoomId = e.JanusRoomId, Forwarding = false },
        RoomEvent.MixerPortAllocated e => this with { Port = new MixerPort(e.Ip, e.Port, e.HlsPort), Forwarding = false },
        RoomEvent.ForwardingStarted => this with { Forwarding = true },
        RoomEvent.ForwardingStopped => this with { Forwarding = false },
        RoomEvent.JanusRoomDestroyed => this with { JanusRoomId = null, Forwarding = false },
        RoomEvent.MixerReleased => this with { Port = null, Forwarding = false },
        RoomEvent.ModulesReassigned e => new LiveSession(e.Janus, e.Mixer, e.Nonce, StartedAt)
        {
            JanusRoomId = e.Janus == Janus ? JanusRoomId : null,
            Port = e.Mixer == Mixer ? Port : null,
        },
        _ => this,
    };
}

/// <summary>Where a mixer listens for one room.</summary>
/// <param name="Port">RTP over UDP.</param>
/// <param name="HlsPort">HTTP: playlist and segments.</param>
public sealed record MixerPort(string Ip, int Port, int HlsPort);
