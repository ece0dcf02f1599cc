using System.Text.Json;
using EventRtc.Contracts.Directories;
using EventRtc.Etcd;
using EventRtc.Janus.Rooms;

namespace EventRtc.Janus;

/// <summary>
/// Says that this Janus is there and how full it is, for placement and gateways; only while Janus itself answers. A single answer that fails to come
/// is not yet an end: a loaded machine has such moments.
/// </summary>
public sealed class JanusHeartbeat(EtcdClient etcd, EtcdPrefixes prefixes, Bridges bridges, JanusOptions options, TimeProvider clock, ILogger<JanusHeartbeat> log)
{
    /// <summary>Questions in a row without an answer that end the heartbeat.</summary>
    private const int Silence = 2;

    private readonly DateTimeOffset started = clock.GetUtcNow();
    private int unanswered = Silence;
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private bool IsAlive => Volatile.Read(ref unanswered) < Silence;

    /// <summary>What the last question to Janus came to.</summary>
    /// <returns>True when Janus is there now and was not before.</returns>
    public bool JanusAnswered(bool answered)
    {
        var before = IsAlive;
        Volatile.Write(ref unanswered, answered ? 0 : Volatile.Read(ref unanswered) + 1);
        if (before != IsAlive)
            Interlocked.Exchange(ref changed, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        return !before && IsAlive;
    }

    public async Task Run(CancellationToken ct)
    {
        while (true)
        {
            var turn = Volatile.Read(ref changed).Task;
            if (!IsAlive)
            {
                await turn.WaitAsync(ct);
                continue;
            }
            log.LogInformation("Janus {Id} answers at {Url}", options.Id, options.AdminUrl);
            await BeatUntil(turn, ct);
            ct.ThrowIfCancellationRequested();
            log.LogWarning("Janus {Id} does not answer at {Url}: it takes no more rooms", options.Id, options.AdminUrl);
        }
    }

    private async Task BeatUntil(Task end, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var key = new LeasedKey(etcd, prefixes.Januses.Heartbeat(options.Id!.Value), Write, options.HeartbeatLease, log, clock);
        bridges.CountChanged += key.Refresh;
        try
        {
            var beating = key.Run(stop.Token);
            await Task.WhenAny(end, beating);
            await stop.CancelAsync();
            await beating;
        }
        finally
        {
            bridges.CountChanged -= key.Refresh;
        }
    }

    private ReadOnlyMemory<byte> Write() => JsonSerializer.SerializeToUtf8Bytes(
        new Heartbeat(Heartbeat.Healthy, options.Host, options.Capacity, bridges.Count, started, options.WsUrl.ToString()), DomainJson.Options);
}
