using System.Text.Json;
using EventRtc.Contracts.Directories;
using EventRtc.Etcd;
using EventRtc.Janus.Rooms;

namespace EventRtc.Janus;

/// <summary>
/// Says that this Janus is there and how full it is, for placement and gateways; only while Janus itself answers. A single answer that fails to come
/// is not yet an end: a loaded machine has such moments, and a Janus that is started again at once keeps its rooms.
/// </summary>
public sealed class JanusHeartbeat(EtcdClient etcd, EtcdPrefixes prefixes, Bridges bridges, Canary canary, JanusOptions options, TimeProvider clock, ILogger<JanusHeartbeat> log)
{
    /// <summary>Questions in a row without an answer that end the heartbeat.</summary>
    private const int Unanswered = 2;

    /// <summary>And the time without one.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(1);

    private volatile bool alive;
    private int unanswered;
    private long answeredAt;
    private volatile string status = Heartbeat.Healthy;
    private volatile LeasedKey? beating;
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What the last question to Janus came to. Called from one loop.</summary>
    /// <returns>True when Janus is there now and was not before.</returns>
    public bool JanusAnswered(bool answered)
    {
        var before = alive;
        if (answered)
            (unanswered, answeredAt, alive) = (0, clock.GetTimestamp(), true);
        else if (++unanswered >= Unanswered && clock.GetElapsedTime(answeredAt) >= Silence)
            alive = false;
        if (before != alive)
            Interlocked.Exchange(ref changed, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        return !before && alive;
    }

    /// <summary>From now on it says that this Janus is about to stop.</summary>
    public void Stopping()
    {
        status = Heartbeat.Stopping;
        beating?.Refresh();
    }

    public async Task Run(CancellationToken ct)
    {
        while (true)
        {
            var turn = Volatile.Read(ref changed).Task;
            if (!alive)
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
            beating = key;
            var held = key.Run(stop.Token);
            await Task.WhenAny(end, held);
            await stop.CancelAsync();
            await held;
        }
        finally
        {
            bridges.CountChanged -= key.Refresh;
            beating = null;
        }
    }

    private ReadOnlyMemory<byte> Write() => JsonSerializer.SerializeToUtf8Bytes(
        new Heartbeat(status, options.Host, options.Capacity, bridges.Count, canary.Since, options.WsUrl.ToString()), DomainJson.Options);
}
