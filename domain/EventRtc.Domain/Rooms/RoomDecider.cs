using System.Collections.Immutable;
using System.Diagnostics;
using static EventRtc.Domain.RoomCommand;
using static EventRtc.Domain.RoomEvent;
using static EventRtc.Domain.RoomState;

namespace EventRtc.Domain;

/// <summary>Every rule of a room. Pure and total: the same state and command give the same answer, and every pair of them has one.</summary>
public static class RoomDecider
{
    /// <summary>How long an admission holds a place for somebody who has not joined yet.</summary>
    public static readonly TimeSpan AdmissionHold = TimeSpan.FromSeconds(60);

    public static RoomState Initial { get; } = new Vacant();

    private static Decision<RoomEvent> Nothing => Decision<RoomEvent>.Nothing;

    public static Decision<RoomEvent> Decide(RoomState room, RoomCommand command) => (room, command) switch
    {
        (Vacant, CreateRoom c) => new RoomCreated(c.Room, c.Pin, c.MaxAnchors, c.At),
        (Vacant v, RemoveRoom or DiscardRoom or ReportJanusRoomDestroyed or ReportMixerReleased) when v.DeletedAt == command.At => Nothing,
        (Vacant, _) => RoomRejections.NotFound,
        (Existing r, CreateRoom c) when c == new CreateRoom(r.Id, r.Pin, r.MaxAnchors, r.CreatedAt) => Nothing,
        (_, CreateRoom) => RoomRejections.Exists,

        (Existing r, RemoveRoom { Host: { } host }) when !r.IsHost(host) => RoomRejections.WrongRoom,
        (Created, RemoveRoom c) => Decision<RoomEvent>.All(new RemovalRequested(c.Room, c.Reason, c.At), new RoomDeleted(c.Room, c.At)),
        (OnAir, RemoveRoom c) => new RemovalRequested(c.Room, c.Reason, c.At, c.At + c.Grace),
        (Removing, RemoveRoom) => Nothing,
        (Removing, DiscardRoom c) => new RoomDeleted(c.Room, c.At),
        (_, DiscardRoom) => RoomRejections.NotRemoving,

        (Existing r, ReportAnchorLeft c) => Leave(r, c),
        (Removing, StartLive or ReassignModules or AdmitAnchor or ReportAnchorJoined) => RoomRejections.Removing,
        (Existing r, AdmitAnchor c) => Admit(r, c),
        (OnAir r, ReportAnchorJoined c) => Join(r, c),

        (Created, StartLive { Janus: { } janus, Mixer: { } mixer } c) => new LiveStarted(c.Room, janus, mixer, c.Nonce, c.At),
        (Created, StartLive) => RoomRejections.NoCapacity,
        (OnAir, StartLive) => Nothing,
        (OnAir r, ReassignModules c) => Reassign(r.Live, c),
        (Created, ReassignModules or ReportAnchorJoined) => RoomRejections.NotOnAir,

        (Created, _) => RoomRejections.NotAssigned,
        (Assigned r, _) when !r.Live.Holds(command) => RoomRejections.NotAssigned,
        (Removing, ReportJanusRoom or ReportMixerPort or ReportForwarding) => RoomRejections.Removing,
        (OnAir r, ReportJanusRoom c) => FindJanusRoom(r.Live, c),
        (OnAir r, ReportMixerPort c) => FindMixerPort(r.Live, c),
        (OnAir r, ReportForwarding c) => Forward(r.Live, c),
        (Assigned r, ReportForwardingStopped c) => r.Live.Forwarding ? new ForwardingStopped(c.Room, c.Janus, c.At) : Nothing,
        (Assigned r, ReportJanusRoomDestroyed c) => DestroyJanusRoom(r, c),
        (Assigned r, ReportMixerReleased c) => ReleaseMixer(r, c),

        _ => throw new UnreachableException($"{command} in {room}"),
    };

    /// <summary>Several commands as one, each decided on what those before it lead to: all are accepted, or the first refusal answers.</summary>
    public static Decision<RoomEvent> DecideAll(RoomState room, IEnumerable<RoomCommand> commands)
    {
        var events = ImmutableArray.CreateBuilder<RoomEvent>();
        foreach (var command in commands)
        {
            var decision = Decide(room, command);
            if (decision is not Decision<RoomEvent>.Accepted accepted)
                return decision;
            events.AddRange(accepted.Events);
            room = accepted.Events.Aggregate(room, Evolve);
        }
        return new Decision<RoomEvent>.Accepted(events.ToImmutable());
    }

    /// <summary>Never refuses: what is stored has happened. An event that says nothing about the state leaves it as it is.</summary>
    public static RoomState Evolve(RoomState room, RoomEvent happened) => (room, happened) switch
    {
        (Vacant, RoomCreated e) => new Created(e.Room, e.Pin, e.MaxAnchors, e.At, Anchors.None),
        (Created r, LiveStarted e) => new OnAir(r, new LiveSession(e.Janus, e.Mixer, e.Nonce, e.At)),
        (OnAir r, RemovalRequested e) => new Removing(r, e.At, e.WaitsUntil),
        (Existing, RoomDeleted e) => new Vacant(e.At),
        (Existing r, AnchorAdmitted e) => r with { Anchors = r.Anchors.Apply(e) },
        (Existing r, AnchorJoined e) => r with { Anchors = r.Anchors.Apply(e) },
        (Existing r, AnchorLeft e) => r with { Anchors = r.Anchors.Apply(e) },
        (Removing r, JanusRoomDestroyed e) => r with { Live = r.Live.Apply(e), JanusDestroyed = true },
        (Removing r, MixerReleased e) => r with { Live = r.Live.Apply(e), MixerReleased = true },
        (Assigned r, _) => r with { Live = r.Live.Apply(happened) },
        // A room that was never on air has nobody to wait for: its removal request and its end are one append.
        _ => room,
    };

    private static Decision<RoomEvent> Admit(Existing room, AdmitAnchor c)
    {
        if (c.Host is { } host && !room.IsHost(host))
            return RoomRejections.WrongRoom;

        var known = room.Anchors.Find(c.User);
        var stands = known?.Presence is Presence.Joined || (known?.Presence is Presence.Admitted && known.HoldsAt(c.At));
        if (stands && known!.Role == c.Role)
            return Nothing;

        return IsFullFor(room, c.User, c.Role, c.At) ? RoomRejections.Full : new AnchorAdmitted(c.Room, c.User, c.Role, c.At);
    }

    private static Decision<RoomEvent> Join(OnAir room, ReportAnchorJoined c) => room.Anchors.Find(c.User) switch
    {
        null => RoomRejections.NotAdmitted,
        { Presence: Presence.Joined } => Nothing,
        var known when IsFullFor(room, c.User, known.Role, c.At) => RoomRejections.Full,
        _ => new AnchorJoined(c.Room, c.User, c.At),
    };

    private static Decision<RoomEvent> Leave(Existing room, ReportAnchorLeft c)
    {
        if (c.Host is { } host && !room.IsHost(host))
            return RoomRejections.WrongRoom;

        var leaves = room.Anchors.Find(c.User)?.Presence switch
        {
            null => false,
            Presence.Joined => true,
            Presence.Admitted => c.Reason is not LeaveReasons.Inactive,
            _ => c.Reason is LeaveReasons.Removed,
        };
        return leaves ? new AnchorLeft(c.Room, c.User, c.Reason, c.At) : Nothing;
    }

    private static bool IsFullFor(Existing room, UserId user, Role role, DateTimeOffset at) =>
        role is not Role.Guest && room.Anchors.PlacesInUseBeside(user, at) >= room.MaxAnchors;

    private static Decision<RoomEvent> Reassign(LiveSession live, ReassignModules c) =>
        (c.Janus, c.Mixer) == (live.Janus, live.Mixer)
            ? Nothing
            : new ModulesReassigned(c.Room, c.Janus, c.Mixer, live.Nonce, c.Reason, c.At);

    private static Decision<RoomEvent> FindJanusRoom(LiveSession live, ReportJanusRoom c) =>
        live.JanusRoomId == c.JanusRoomId ? Nothing : new JanusRoomCreated(c.Room, c.Janus, c.JanusRoomId, c.At);

    private static Decision<RoomEvent> FindMixerPort(LiveSession live, ReportMixerPort c) =>
        live.Port == new MixerPort(c.Ip, c.Port, c.HlsPort) ? Nothing : new MixerPortAllocated(c.Room, c.Mixer, c.Ip, c.Port, c.HlsPort, c.At);

    private static Decision<RoomEvent> Forward(LiveSession live, ReportForwarding c)
    {
        if (live.JanusRoomId != c.JanusRoomId || live.Port?.Ip != c.Ip || live.Port.Port != c.Port)
            return RoomRejections.StaleForwarding;

        return live.Forwarding ? Nothing : new ForwardingStarted(c.Room, c.Janus, c.JanusRoomId, c.Ip, c.Port, c.At);
    }

    private static Decision<RoomEvent> DestroyJanusRoom(Assigned room, ReportJanusRoomDestroyed c) =>
        room is OnAir { Live.JanusRoomId: null } or Removing { JanusDestroyed: true }
            ? Nothing
            : LetGo(room, new JanusRoomDestroyed(c.Room, c.Janus, c.At), last: room is Removing { MixerReleased: true });

    private static Decision<RoomEvent> ReleaseMixer(Assigned room, ReportMixerReleased c) =>
        room is OnAir { Live.Port: null } or Removing { MixerReleased: true }
            ? Nothing
            : LetGo(room, new MixerReleased(c.Room, c.Mixer, c.At), last: room is Removing { JanusDestroyed: true });

    // Without one of its ends nothing is forwarded any more, whoever reports it first: the history then lists that step too.
    private static Decision<RoomEvent> LetGo(Assigned room, RoomEvent gone, bool last)
    {
        IEnumerable<RoomEvent> stopped = room.Live.Forwarding ? [new ForwardingStopped(gone.Room, room.Live.Janus, gone.At)] : [];
        IEnumerable<RoomEvent> deleted = last ? [new RoomDeleted(gone.Room, gone.At)] : [];
        return Decision<RoomEvent>.All([.. stopped, gone, .. deleted]);
    }
}
