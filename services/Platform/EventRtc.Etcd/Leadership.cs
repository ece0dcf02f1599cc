using System.Text;
using Microsoft.Extensions.Logging;

namespace EventRtc.Etcd;

/// <summary>
/// Lets one process of several do a thing: who holds a key leads, for as long as its lease is renewed. The others wait by a watch. A leader that dies or hangs is
/// replaced when its lease runs out, one that stops in order at once.
/// </summary>
/// <remarks>
/// A leader stops working before its lease can have run out, by its own clock. A process that was paused may still work on for a moment after that: what it changes
/// must refuse a fence lower than the highest seen.
/// </remarks>
/// <param name="key">What is led, such as <c>/leaders/rooms/relay</c>; written by nobody else.</param>
/// <param name="candidate">Names this process to operators who look at the key.</param>
/// <param name="ttl">The lease's time to live, at least 1 s: about so long nobody leads after a leader died, and a second more until etcd looks.</param>
public sealed class Leadership(EtcdClient client, string key, string candidate, TimeSpan ttl, ILogger<Leadership> log, TimeProvider? clock = null)
{
    private static readonly TimeSpan LetGoWithin = TimeSpan.FromSeconds(2);
    private readonly TimeProvider clock = clock ?? TimeProvider.System;

    /// <summary>Waits until this process leads, and leads until cancelled.</summary>
    /// <param name="lead">Gets the fence, a number that grows with each leader (the key's create revision), and is cancelled when the lead is lost.</param>
    /// <exception cref="EtcdException">etcd is away, or the lead was lost: run it again.</exception>
    public async Task Run(Func<long, CancellationToken, Task> lead, CancellationToken ct)
    {
        var term = await Elected(ct);
        log.LogInformation("{Candidate} leads {Key} with fence {Fence}", candidate, key, term.Fence);
        using var lost = new CancellationTokenSource(Safe(term.Renewed), clock);
        using var leading = CancellationTokenSource.CreateLinkedTokenSource(lost.Token, ct);
        var renewing = Renew(term, lost, leading.Token);
        EtcdTelemetry.Leading(key, 1);
        try
        {
            await lead(term.Fence, leading.Token);
        }
        catch (OperationCanceledException) when (lost.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw new EtcdException(StatusCode.Aborted, $"{candidate} does not lead {key} any more", mayHaveExecuted: false);
        }
        finally
        {
            EtcdTelemetry.Leading(key, -1);
            await leading.CancelAsync();
            await renewing;
            await LetGo(term.Lease); // only now that nothing works any more
        }
    }

    /// <summary>Whether etcd says, at this moment, that the leader with this fence leads.</summary>
    public async Task<bool> Holds(long fence, CancellationToken ct = default) => await client.Get(key, ct) is { } held && held.CreateRevision == fence;

    private async Task<Term> Elected(CancellationToken ct)
    {
        while (true)
        {
            if (await client.Get(key, ct) is { } held)
            {
                await Vacant(held.ModRevision + 1, ct);
                continue;
            }
            var asked = clock.GetTimestamp();
            var lease = await client.GrantLease(ttl, ct);
            try
            {
                var won = await client.Commit(new Txn().If(Compare.Absent(key)).Then(Op.Put(key, Encoding.UTF8.GetBytes(candidate), lease)), ct);
                if (won.Succeeded)
                    return new Term(won.Revision, lease, asked);
            }
            catch
            {
                await LetGo(lease); // the key may have been written
                throw;
            }
            await LetGo(lease);
        }
    }

    private async Task Vacant(long fromRevision, CancellationToken ct)
    {
        await foreach (var batch in client.Watch(key, fromRevision, ct))
            if (batch.Events.Any(happened => happened.Deleted && happened.Item.Key == key))
                return;
    }

    /// <summary>Renews every third of the lease's time, and tells when that does not succeed in time or the key is another's.</summary>
    private async Task Renew(Term term, CancellationTokenSource lost, CancellationToken ct)
    {
        var pause = ttl / 3;
        try
        {
            while (true)
            {
                await Task.Delay(pause, clock, ct);
                var asked = clock.GetTimestamp();
                try
                {
                    if (!await client.KeepAlive(term.Lease, ct) || !await Holds(term.Fence, ct))
                    {
                        log.LogWarning("{Candidate} lost {Key}", candidate, key);
                        await lost.CancelAsync();
                        return;
                    }
                    lost.CancelAfter(Safe(asked));
                    pause = ttl / 3;
                }
                catch (EtcdException)
                {
                    pause = ttl / 20; // there is little time left
                }
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The lead has ended.
        }
    }

    /// <summary>How long the lease certainly holds, less a margin in which the work comes to its end. Counted from before etcd was asked.</summary>
    private TimeSpan Safe(long asked) => ttl * 0.85 - clock.GetElapsedTime(asked) is { Ticks: > 0 } left ? left : TimeSpan.Zero;

    private async Task LetGo(long lease)
    {
        using var limit = new CancellationTokenSource(LetGoWithin, clock);
        try
        {
            await client.RevokeLease(lease, limit.Token);
        }
        catch (Exception e) when (e is EtcdException or OperationCanceledException)
        {
            log.LogDebug("{Key} could not be given back, its lease ends it within {Ttl}: {Reason}", key, ttl, e.Message);
        }
    }

    private sealed record Term(long Fence, long Lease, long Renewed);
}
