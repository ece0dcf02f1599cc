using EventRtc.Domain;
using EventRtc.Projections;

namespace EventRtc.Ops.Modules;

/// <summary>A module as the rooms service tells of it.</summary>
/// <param name="Type">januses or mixers.</param>
/// <param name="Label">Of its mark; null without one.</param>
/// <param name="Heartbeat">Null when it gives no sign of life.</param>
/// <param name="Streams">Rooms assigned to it.</param>
internal sealed record ModuleNow(string Type, ModuleId Id, int Streams, string? Label = null, HeartbeatNow? Heartbeat = null, int? Capacity = null)
{
    public string Name => $"{Type}/{Id}";

    /// <summary>Rooms that it has not got rid of.</summary>
    public int RoomsLeft => Math.Max(Streams, Heartbeat?.Streams ?? 0);

    /// <summary>Why it takes no more rooms; null when it does.</summary>
    public string? Hindrance => AsCandidate switch
    {
        { IsPickable: true } => null,
        _ when Heartbeat is null => "gives no sign of life",
        { Healthy: false } => $"is {Heartbeat.Status}",
        { Label: not (null or ModuleLabels.Ready) } => $"is marked {Label}",
        _ => $"is full ({RoomsLeft} of {Capacity})",
    };

    private Candidate AsCandidate => new(Id, Heartbeat?.Status is Projections.Heartbeat.Healthy, Label, Capacity ?? 0, RoomsLeft);
}

/// <param name="Streams">Rooms it holds by its own count.</param>
internal sealed record HeartbeatNow(string Status, string Host, DateTimeOffset StartedAt, int Streams);
