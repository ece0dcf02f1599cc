using System.ComponentModel.DataAnnotations;
using EventRtc.Hosting;
using EventRtc.Mixer.Ports;

namespace EventRtc.Mixer;

/// <summary>One mixer, and how long it waits for whom.</summary>
public sealed record MixerOptions
{
    /// <summary>Its name: 1 to 63 of <c>[A-Za-z0-9_-]</c>. No two mixers share one. Default mixer- and the machine's name.</summary>
    [DefaultIs("mixer- and the machine's name")]
    [Required] public ModuleId? Id { get; init; } = MachineName.ToMixer(Environment.MachineName);

    /// <summary>Where Januses send RTP to and the HLS service fetches from: an address of this machine, or <c>auto</c> for the one found at start. Default 127.0.0.1.</summary>
    public OwnAddress Ip { get; init; } = OwnAddress.Loopback;

    /// <summary>Where playlists and segments are served. Default 0.0.0.0:3001.</summary>
    [ListenAt]
    public string HlsAddress { get; init; } = "0.0.0.0:3001";

    /// <summary>The port of <see cref="HlsAddress"/>, as it is reported.</summary>
    public int HlsPort => ListenAddress.Parse(HlsAddress).Port;

    /// <summary>UDP ports for RTP, both ends included; a room takes two. Default 10000-20000.</summary>
    public PortRange RtpPorts { get; init; } = new(10_000, 20_000);

    /// <summary>Rooms' segments and keys lie in a folder of this mixer's name below it. Default the folder eventrtc-mixer among the temporary files.</summary>
    [DefaultIs("the folder eventrtc-mixer among the temporary files")]
    public string WorkDir { get; init; } = Path.Combine(Path.GetTempPath(), "eventrtc-mixer");

    /// <summary>Rooms at once. A room costs 1 to 3 % of a core and 55 MiB. Default 100; 0 to 5000.</summary>
    [Range(0, 5_000)] public int Capacity { get; init; } = 100;

    /// <summary>How often a room is looked at although nothing told of a change. Default 2 s; 100 ms to 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan Recheck { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Lease of the heartbeat: after this time a dead mixer gets no more rooms. Default 10 s; 1 s to 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan HeartbeatLease { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long ffmpeg may take to end when asked; then it is killed. Default 2 s; 0 s to 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long ffmpeg may take to end when its room has left the Janus that fed it: while no sound comes it does not notice that it is asked to, and listeners wait for its
    /// successor. Default 300 ms; 0 s to 10 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10")]
    public TimeSpan MoveGrace { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>How long no segment may come although sound is sent; then ffmpeg is replaced. A segment takes 1 s. Default 3 s; 2 s to 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:02", "00:10:00")]
    public TimeSpan StuckAfter { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>So many times in a row ffmpeg may fail here before another mixer is asked for. Default 5; 1 to 1000.</summary>
    [Range(1, 1_000)] public int FailuresBeforeMove { get; init; } = 5;

    /// <summary>How long a room that was given to another mixer is kept on air here until that one is ready. Default 30 s; 0 s to 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan HandOverWithin { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long after that its last segments are still served: players have them in the playlist that they read last. Default 10 s; 0 s to 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan Linger { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Bytes that must be free below <see cref="WorkDir"/>; with less this mixer says that it is unwell, and its rooms are moved. A room takes 200 KB. Default 67108864; 0
    /// to 1099511627776.
    /// </summary>
    [Range(typeof(long), "0", "1099511627776")] public long MinFreeSpace { get; init; } = 64 * 1024 * 1024;

    /// <summary>How long a stop waits until this module's rooms were moved to others; zero: not at all. Default 30 s; 0 s to 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
