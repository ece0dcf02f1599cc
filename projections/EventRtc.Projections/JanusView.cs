using static EventRtc.Domain.RoomEvent;

namespace EventRtc.Projections;

/// <summary>View <c>janus</c>: the room's AudioBridge room, and whether its sound flows to the mixer.</summary>
/// <param name="Id">The Janus that holds it.</param>
/// <param name="JanusRoomId">Its number there; beyond 32 bits.</param>
/// <param name="Status">One of <see cref="JanusStatus"/>.</param>
/// <param name="Timestamp">When the status began.</param>
public sealed record JanusView(ModuleId Id, long JanusRoomId, string Status, DateTimeOffset Timestamp)
{
    public static JanusView? Apply(JanusView? view, RoomEvent happened) => (view, happened) switch
    {
        (_, JanusRoomCreated e) => new JanusView(e.Janus, e.JanusRoomId, JanusStatus.RoomCreated, e.At),
        ({ } v, ForwardingStarted e) => v with { Status = JanusStatus.Forwarding, Timestamp = e.At },
        ({ } v, ForwardingStopped) => v.Stopped(happened.At),
        ({ } v, ModulesReassigned e) => e.Janus == v.Id ? v.Stopped(e.At) : null,
        // The forwarder still runs to where the mixer no longer listens.
        ({ } v, MixerPortAllocated or MixerReleased) => v.Stopped(happened.At),
        (_, JanusRoomDestroyed or RoomDeleted) => null,
        _ => view,
    };

    private JanusView Stopped(DateTimeOffset at) =>
        Status is JanusStatus.Forwarding ? this with { Status = JanusStatus.NotForwarding, Timestamp = at } : this;
}

/// <summary>The stored words of <see cref="JanusView.Status"/>.</summary>
public static class JanusStatus
{
    public const string RoomCreated = "room_created";
    public const string Forwarding = "forwarding";
    public const string NotForwarding = "not_forwarding";
}
