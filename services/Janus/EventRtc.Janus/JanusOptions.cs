using System.ComponentModel.DataAnnotations;
using EventRtc.Hosting;
using EventRtc.Janus.Admin;

namespace EventRtc.Janus;

/// <summary>The Janus that one worker looks after.</summary>
public sealed record JanusOptions : IValidatableObject
{
    /// <summary>Characters of a secret; fewer could be guessed by whoever reaches Janus.</summary>
    private const int ShortestSecret = 16;

    /// <summary>Its name: 1 to 63 of <c>[A-Za-z0-9_-]</c>. No two share one. Required.</summary>
    [Required] public ModuleId? Id { get; init; }

    /// <summary>The admin API. Never reachable from outside. Default http://127.0.0.1:7088/admin.</summary>
    [UrlOf("http", "https")]
    public Uri AdminUrl { get; init; } = new("http://127.0.0.1:7088/admin");

    /// <summary>Janus's <c>admin_secret</c>. Required; at least 16 characters.</summary>
    [MinLength(ShortestSecret), DataType(DataType.Password)]
    public string AdminSecret { get; init; } = "";

    /// <summary>The AudioBridge's <c>admin_key</c>. Required; at least 16 characters.</summary>
    [MinLength(ShortestSecret), DataType(DataType.Password)]
    public string AdminKey { get; init; } = "";

    /// <summary>Where gateways reach it. Default ws://127.0.0.1:8188.</summary>
    [UrlOf("ws", "wss")]
    public Uri WsUrl { get; init; } = new("ws://127.0.0.1:8188");

    /// <summary>Where it runs, for operators. Default 127.0.0.1.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>Rooms at once. An idle room costs 1 % of a core, one with anchors 2 to 3 %. Default 100; 0 to 5000.</summary>
    [Range(0, 5_000)] public int Capacity { get; init; } = 100;

    /// <summary>How often a room is looked at although nothing told of a change. Default 5 s; 100 ms to 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan Recheck { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often Janus is asked for all its rooms, which takes it 1 ms: so soon its own restart is noticed. Default 250 ms; 10 ms to 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan Probe { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The longest wait for an answer; a frozen Janus gives none. Default 2 s; 10 ms to 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Lease of the heartbeat: after this time a Janus without a worker gets no more rooms. Default 10 s; 1 s to 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan HeartbeatLease { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Refusals of a room in a row after which it is to move to another Janus; their pauses double from 100 ms. Default 6; 1 to 100.</summary>
    [Range(1, 100)] public int MoveAfter { get; init; } = 6;

    /// <summary>How long a room that moves away keeps its bridge here while the other Janus has none. Default 30 s; 0 s to 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan HandoverPatience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long it goes on sending once the other Janus has a room, unless the mixer listens elsewhere sooner. Default 500 ms; 0 s to 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10")]
    public TimeSpan HandoverOverlap { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// How long a room that comes from another Janus is not sent to where its mixer heard that one: the mixer is about to listen elsewhere. More than
    /// <see cref="HandoverOverlap"/>, or two Januses would send there. Default 1 s; 0 s to 10 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10")]
    public TimeSpan ArrivalPatience { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long it keeps the bridge once it has stopped sending, for anchors who are still on their way. Default 2 s; 0 s to 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan HandoverGrace { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a stop waits until this module's rooms were moved to others; zero: not at all. Default 30 s; 0 s to 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (ArrivalPatience <= HandoverOverlap)
            yield return new ValidationResult("must be more than JANUS_HANDOVER_OVERLAP, or two Januses would send to one mixer", [nameof(ArrivalPatience), nameof(HandoverOverlap)]);
    }

    public JanusAccess Access => new(AdminUrl, AdminSecret, AdminKey, Timeout);
}
