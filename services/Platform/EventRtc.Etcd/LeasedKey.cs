using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace EventRtc.Etcd;

/// <summary>
/// Keeps one key alive for as long as its process runs, a heartbeat: the key hangs on a lease that is renewed every third of its time, so it vanishes
/// within about that time after the process died. What was lost (the lease, the key, all of etcd's data) is put there again.
/// </summary>
/// <param name="key">Written by this process alone.</param>
/// <param name="value">Asked at every renewal; what changed is written then, or at once after <see cref="Refresh"/>. Must be quick.</param>
/// <param name="ttl">The lease's time to live, at least 1 s.</param>
public sealed class LeasedKey(EtcdClient client, string key, Func<ReadOnlyMemory<byte>> value, TimeSpan ttl, ILogger log, TimeProvider? clock = null)
{
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(2);
    private readonly TimeProvider clock = clock ?? TimeProvider.System;
    private readonly Channel<bool> refreshes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private long lease;

    /// <summary>The value has changed: writes it now instead of at the next renewal.</summary>
    public void Refresh() => refreshes.Writer.TryWrite(true);

    /// <summary>Holds the key until cancelled, then deletes it and returns; when etcd cannot be reached by then, the lease ends it later.</summary>
    public async Task Run(CancellationToken ct)
    {
        var retries = new Retries($"Lease of {key}", log, clock);
        try
        {
            while (true)
            {
                try
                {
                    await Hold(ct);
                    retries.Succeeded();
                    await NextTurn(ct);
                }
                catch (EtcdException e)
                {
                    await retries.Failed(e, ct);
                }
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            await LetGo();
        }
    }

    private async Task Hold(CancellationToken ct)
    {
        if (lease == 0 || !await client.KeepAlive(lease, ct))
        {
            if (lease != 0)
                log.LogWarning("{Key} lost its lease and gets a new one", key);
            lease = await client.GrantLease(ttl, ct);
        }
        var wanted = value();
        // Looking first costs less than a write would cost everyone who watches the key.
        if (await client.Get(key, ct) is not { } found || found.Lease != lease || !found.Value.Span.SequenceEqual(wanted.Span))
            await client.Put(key, wanted, lease, ct);
    }

    private async Task NextTurn(CancellationToken ct)
    {
        using var turn = new CancellationTokenSource(ttl / 3, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(turn.Token, ct);
        try
        {
            await refreshes.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // The turn has come.
        }
    }

    private async Task LetGo()
    {
        if (lease == 0)
            return;
        using var limit = new CancellationTokenSource(StopWithin, clock);
        try
        {
            // By the lease and not by the name: a successor that holds the key already keeps it.
            await client.RevokeLease(lease, limit.Token);
            lease = 0;
        }
        catch (Exception e) when (e is EtcdException or OperationCanceledException)
        {
            log.LogWarning("{Key} could not be deleted, its lease ends it within {Ttl}: {Reason}", key, ttl, e.Message);
        }
    }
}
