using EventRtc.Etcd;

namespace EventRtc.Projector;

/// <summary>What one projector of several does for all: relay, and trim what it relayed.</summary>
public sealed class RelayLeader(Leadership leadership, Relay relay, Retention retention)
{
    /// <summary>Waits to lead, then leads until cancelled.</summary>
    /// <inheritdoc cref="Relay.Run"/>
    public Task Run(CancellationToken ct) => leadership.Run(Lead, ct);

    private async Task Lead(long fence, CancellationToken ct)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct);
        Task[] both = [relay.Run(fence, either.Token), retention.Run(either.Token)];
        var ended = await Task.WhenAny(both);
        await either.CancelAsync();
        await Task.WhenAll(both).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await ended;
    }
}
