namespace EventRtc.Domain;

/// <summary>A Janus or a mixer as placement sees it.</summary>
/// <param name="Healthy">Its heartbeat is there and says so.</param>
/// <param name="Label">The operator's mark; null when there is none.</param>
/// <param name="Capacity">Rooms it can hold at once; 0 takes none.</param>
/// <param name="Streams">Rooms it holds now.</param>
public sealed record Candidate(ModuleId Id, bool Healthy, string? Label, int Capacity, int Streams);
