namespace EventRtc.Projections;

/// <summary>What a worker says about its module every few seconds, under a lease of 10 s: no key, no module.</summary>
/// <param name="Status"><see cref="Healthy"/>; any other word means that no room is to be placed here.</param>
/// <param name="Host">Where the module runs, for operators.</param>
/// <param name="Capacity">Rooms it can hold at once; 0 takes none.</param>
/// <param name="Streams">Rooms it holds now.</param>
/// <param name="StartedAt">Since when the module runs without a break; a later time tells of a restart. Of a Janus it is Janus's own time, whatever its worker does.</param>
/// <param name="WsUrl">A Janus's WebSocket address for gateways; null for a mixer.</param>
/// <param name="HlsPort">Where a mixer serves its segments, on its host; null for a Janus.</param>
/// <param name="RtpPorts">A mixer's UDP ports, both ends included, of which a room takes two: <c>10000-20000</c>; null for a Janus.</param>
public sealed record Heartbeat(
    string Status, string Host, int Capacity, int Streams, DateTimeOffset StartedAt, string? WsUrl = null, int? HlsPort = null, string? RtpPorts = null)
{
    public const string Healthy = "healthy";

    /// <summary>The module cannot hold rooms at present: its disk is full, say.</summary>
    public const string Unwell = "unwell";

    /// <summary>The module is about to stop, and waits for its rooms to be moved away.</summary>
    public const string Stopping = "stopping";
}

/// <summary>An operator's word on a module, kept for its ttl.</summary>
/// <param name="Label">ready, cordon, draining, drained or unready.</param>
public sealed record Mark(string Label);
