using EventRtc.Domain;
using EventRtc.Rooms.Modules;

namespace EventRtc.Rooms.Http.Modules;

/// <summary>A module as REST shows it.</summary>
/// <param name="Type">januses or mixers.</param>
/// <param name="Label">Of its mark; absent without one.</param>
/// <param name="Heartbeat">Absent when the module gives no sign of life.</param>
/// <param name="Streams">Rooms assigned to it.</param>
/// <param name="Capacity">Rooms it can hold at once; absent without a heartbeat.</param>
public sealed record ModuleAnswer(string Type, ModuleId Id, string? Label, HeartbeatAnswer? Heartbeat, int Streams, int? Capacity)
{
    public static ModuleAnswer Of(KnownModule known) => new(
        known.Module.Kind.Plural(), known.Module.Id, known.Seen.Label,
        known.Seen.Heartbeat is { } beat ? new HeartbeatAnswer(beat.Status, beat.Host, beat.StartedAt, beat.Streams) : null,
        known.Rooms, known.Seen.Heartbeat?.Capacity);
}

/// <param name="Status">healthy, unwell or stopping.</param>
/// <param name="Streams">Rooms it holds by its own count, which follows what is assigned to it.</param>
public sealed record HeartbeatAnswer(string Status, string Host, DateTimeOffset StartedAt, int Streams);
