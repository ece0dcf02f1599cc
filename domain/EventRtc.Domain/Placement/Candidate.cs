namespace EventRtc.Domain;

/// <summary>A Janus or a mixer as placement sees it.</summary>
/// <param name="Healthy">Its heartbeat is there and says so.</param>
/// <param name="Label">The operator's mark; null when there is none.</param>
/// <param name="Capacity">Rooms it can hold at once; 0 takes none.</param>
/// <param name="Streams">Rooms it holds now, and those promised to it.</param>
public sealed record Candidate(ModuleId Id, bool Healthy, string? Label, int Capacity, int Streams)
{
    /// <summary>May take one more room.</summary>
    public bool IsPickable => this is { Healthy: true, Label: null or ModuleLabels.Ready, Capacity: > 0 } && Streams < Capacity;

    /// <summary>May keep the rooms it has.</summary>
    public bool IsStable => this is { Healthy: true, Label: null or ModuleLabels.Ready or ModuleLabels.Cordon };

    /// <summary>How full it is, from 0 to 1 and beyond; for one that can hold rooms.</summary>
    public double Load => (double)Streams / Capacity;
}
