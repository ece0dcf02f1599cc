using System.Text;
using static EventRtc.Domain.Tests.Rooms.Sample;

namespace EventRtc.Domain.Tests.Rooms;

/// <summary>What is in the store is read for ever: these lines are only added to.</summary>
public sealed class RoomEventJsonTests
{
    private const string Golden =
        """
        room_created {"room":"studio-1","pin":"abc123","maxAnchors":2,"at":"2025-03-01T12:00:00+00:00"}
        live_started {"room":"studio-1","janus":"janus-1","mixer":"mixer-1","nonce":"n1","at":"2025-03-01T12:00:10+00:00"}
        janus_room_created {"room":"studio-1","janus":"janus-1","janusRoomId":4000000001,"at":"2025-03-01T12:00:20+00:00"}
        mixer_port_allocated {"room":"studio-1","mixer":"mixer-1","ip":"10.0.0.5","port":10000,"hlsPort":3001,"at":"2025-03-01T12:00:30+00:00"}
        forwarding_started {"room":"studio-1","janus":"janus-1","janusRoomId":4000000001,"ip":"10.0.0.5","port":10000,"at":"2025-03-01T12:00:40+00:00"}
        forwarding_stopped {"room":"studio-1","janus":"janus-1","at":"2025-03-01T12:01:00+00:00"}
        mixer_released {"room":"studio-1","mixer":"mixer-1","at":"2025-03-01T12:01:10+00:00"}
        janus_room_destroyed {"room":"studio-1","janus":"janus-1","at":"2025-03-01T12:01:00+00:00"}
        modules_reassigned {"room":"studio-1","janus":"janus-2","mixer":"mixer-2","nonce":"n2","reason":"janus_lost","at":"2025-03-01T12:01:20+00:00"}
        removal_requested {"room":"studio-1","reason":"requested","at":"2025-03-01T12:00:50+00:00"}
        room_deleted {"room":"studio-1","at":"2025-03-01T12:01:10+00:00"}
        anchor_admitted {"room":"studio-1","user":"00000000-0000-4000-8000-00000000000a","role":"host","at":"2025-03-01T12:01:21+00:00"}
        anchor_joined {"room":"studio-1","user":"00000000-0000-4000-8000-00000000000a","at":"2025-03-01T12:01:22.25+00:00"}
        anchor_left {"room":"studio-1","user":"00000000-0000-4000-8000-00000000000a","reason":"inactive","at":"2025-03-01T12:01:23+00:00"}
        """;

    private static readonly EventTypes Types = EventTypes.Of<RoomEvent>();

    private static readonly RoomEvent[] Events =
    [
        Created,
        Started,
        JanusRoom,
        Port,
        Forwarding,
        Stopped,
        MixerGone,
        JanusGone,
        new RoomEvent.ModulesReassigned(Room, OtherJanus, OtherMixer, "n2", "janus_lost", At(80)),
        RemovalAsked,
        Deleted,
        new RoomEvent.AnchorAdmitted(Room, Ann, Role.Host, At(81)),
        new RoomEvent.AnchorJoined(Room, Ann, At(82.25)),
        new RoomEvent.AnchorLeft(Room, Ann, "inactive", At(83)),
    ];

    [Fact]
    public void Events_are_written_as_ever() =>
        Assert.Equal(Golden.Split('\n'), Events.Select(e => $"{Types.NameOf(e)} {Encoding.UTF8.GetString(EventTypes.Encode(e))}"));

    [Fact]
    public void Events_are_read_as_ever() => Assert.Equal(Events, Golden.Split('\n').Select(Read));

    [Fact]
    public void Every_event_of_a_room_is_pinned() => Assert.Equal(Types.Names.Order(), Events.Select(Types.NameOf).Order());

    private static RoomEvent Read(string line) =>
        line.Split(' ', 2) is [var name, var body]
            ? (RoomEvent)Types.Decode(name, Encoding.UTF8.GetBytes(body))
            : throw new FormatException($"No golden line: {line}");
}
