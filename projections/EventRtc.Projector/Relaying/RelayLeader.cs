using EventRtc.Etcd;
using EventRtc.Hosting;

namespace EventRtc.Projector;

/// <summary>What one projector of several does for all: relay, and trim what it relayed.</summary>
public sealed class RelayLeader(Leadership leadership, Relay relay, Retention retention)
{
    /// <summary>Waits to lead, then leads until cancelled.</summary>
    /// <inheritdoc cref="Relay.Run"/>
    public Task Run(CancellationToken ct) => leadership.Run((fence, leading) => Together.Run(leading, relaying => relay.Run(fence, relaying), retention.Run), ct);
}
