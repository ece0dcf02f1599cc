using System.ComponentModel.DataAnnotations;
using EventRtc.Hosting;
using EventRtc.Mixer.Ports;

namespace EventRtc.Mixer;

/// <summary>One mixer, from <c>MIXER_*</c>.</summary>
public sealed record MixerOptions
{
    /// <summary>Its name: 1 to 63 of <c>[A-Za-z0-9_-]</c>. No two mixers share one. Default <c>mixer-</c> and the machine's name.</summary>
    [Required] public ModuleId? Id { get; init; } = MachineName.ToMixer(Environment.MachineName);

    /// <summary>Where Januses send RTP to and the HLS service fetches from: an address of this machine, or <c>auto</c> for the one found at start. Default 127.0.0.1.</summary>
    public OwnAddress Ip { get; init; } = OwnAddress.Loopback;

    /// <summary>Where playlists and segments are served.</summary>
    public string HlsAddress { get; init; } = "0.0.0.0:3001";

    /// <summary>The port of <see cref="HlsAddress"/>, as it is reported.</summary>
    public int HlsPort => ListenAddress.Parse(HlsAddress).Port;

    /// <summary>UDP ports for RTP, both ends included; a room takes two.</summary>
    public PortRange RtpPorts { get; init; } = new(10_000, 20_000);

    /// <summary>Rooms' segments and keys lie in a folder of this mixer's name below it.</summary>
    [Required] public string WorkDir { get; init; } = Path.Combine(Path.GetTempPath(), "eventrtc-mixer");

    /// <summary>Rooms at once. A room costs 1 to 3 % of a core and 55 MiB.</summary>
    [Range(0, 5_000)] public int Capacity { get; init; } = 100;

    /// <summary>How often a room is looked at although nothing told of a change.</summary>
    public TimeSpan Recheck { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Lease of the heartbeat: after this time a dead mixer gets no more rooms.</summary>
    public TimeSpan HeartbeatLease { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long ffmpeg may take to end when asked; then it is killed.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long ffmpeg may take to end when its room has left the Janus that fed it: while no sound comes it does not notice that it is asked to, and listeners wait for its successor.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10")]
    public TimeSpan MoveGrace { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>How long no segment may come although sound is sent; then ffmpeg is replaced. A segment takes 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:02", "00:10:00")]
    public TimeSpan StuckAfter { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>So many times in a row ffmpeg may fail here before another mixer is asked for.</summary>
    [Range(1, 1_000)] public int FailuresBeforeMove { get; init; } = 5;

    /// <summary>How long a room that was given to another mixer is kept on air here until that one is ready.</summary>
    public TimeSpan HandOverWithin { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long after that its last segments are still served: players have them in the playlist that they read last.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Bytes that must be free below <see cref="WorkDir"/>; with less this mixer says that it is unwell, and its rooms are moved. A room takes 200 KB.</summary>
    [Range(0, long.MaxValue)] public long MinFreeSpace { get; init; } = 64 * 1024 * 1024;

    /// <summary>How long a stop waits until this module's rooms were moved to others; zero: not at all. MIXER_DRAIN_TIMEOUT, default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
