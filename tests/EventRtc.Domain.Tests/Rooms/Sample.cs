using static EventRtc.Domain.RoomEvent;

namespace EventRtc.Domain.Tests.Rooms;

/// <summary>One room with its modules and users, and the facts of its usual life, ten seconds apart.</summary>
internal static class Sample
{
    public const string Nonce = "n1";

    public static readonly RoomId Room = new("studio-1");
    public static readonly ModuleId Janus = new("janus-1");
    public static readonly ModuleId OtherJanus = new("janus-2");
    public static readonly ModuleId Mixer = new("mixer-1");
    public static readonly ModuleId OtherMixer = new("mixer-2");
    public static readonly UserId Ann = new("00000000-0000-4000-8000-00000000000a");
    public static readonly UserId Bob = new("00000000-0000-4000-8000-00000000000b");
    public static readonly UserId Cem = new("00000000-0000-4000-8000-00000000000c");

    public static readonly RoomEvent Created = new RoomCreated(Room, "abc123", 2, At(0));
    public static readonly RoomEvent Started = new LiveStarted(Room, Janus, Mixer, Nonce, At(10));
    public static readonly RoomEvent JanusRoom = new JanusRoomCreated(Room, Janus, 4_000_000_001, At(20));
    public static readonly RoomEvent Port = new MixerPortAllocated(Room, Mixer, "10.0.0.5", 10_000, 3_001, At(30));
    public static readonly RoomEvent Forwarding = new ForwardingStarted(Room, Janus, 4_000_000_001, "10.0.0.5", 10_000, At(40));
    public static readonly RoomEvent RemovalAsked = new RemovalRequested(Room, "requested", At(50));
    public static readonly RoomEvent Stopped = new ForwardingStopped(Room, Janus, At(60));
    public static readonly RoomEvent JanusGone = new JanusRoomDestroyed(Room, Janus, At(60));
    public static readonly RoomEvent MixerGone = new RoomEvent.MixerReleased(Room, Mixer, At(70));
    public static readonly RoomEvent Deleted = new RoomDeleted(Room, At(70));

    public static readonly RoomEvent[] OnAir = [Created, Started];
    public static readonly RoomEvent[] Flowing = [Created, Started, JanusRoom, Port, Forwarding];
    public static readonly RoomEvent[] Removing = [.. Flowing, RemovalAsked];
    public static readonly RoomEvent[] Removed = [.. Removing, Stopped, JanusGone, MixerGone, Deleted];

    public static DateTimeOffset At(double seconds) => new DateTimeOffset(2025, 3, 1, 12, 0, 0, TimeSpan.Zero).AddSeconds(seconds);
}
