using EventRtc.Gateway.Connections;
using EventRtc.Streams;

namespace EventRtc.Gateway.Locks;

/// <summary>
/// Shows that this gateway is alive, by a key that others look at before they leave a place to it; and notices when it was taken for dead, because it was paused or Redis
/// lost its data: then its connections look whether they still hold their places.
/// </summary>
public sealed class Heartbeat(RedisClient redis, GatewayIdentity gateway, Lobby lobby, GatewayOptions options, TimeProvider clock, ILogger<Heartbeat> log)
{
    private bool shown, lapsed;

    /// <exception cref="RedisException">Redis is away: run it again.</exception>
    public async Task Run(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(options.AliveTtl / 3, clock);
        try
        {
            do
            {
                await Show(ct);
                await lobby.LookAfterLocks(all: lapsed, ct);
                lapsed = false; // not before: a look that failed is taken again
            }
            while (await timer.WaitForNextTickAsync(ct));
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Others need not wait for it to run out. Should Redis be away, they do.
            await redis.KeyDeleteAsync(gateway.AliveKey, CancellationToken.None);
            throw;
        }
    }

    private async Task Show(CancellationToken ct)
    {
        var known = lapsed;
        lapsed = shown; // should the answer be lost, the key may be there again, and nobody knows whether it was
        var before = await redis.ExecuteAsync(["SET", gateway.AliveKey, "1", "PX", (long)options.AliveTtl.TotalMilliseconds, "GET"], ct);
        var was = shown && (string?)before is null;
        if (was)
            log.LogWarning("{Gateway} was taken for dead: its connections look after their places", gateway.Name);
        (shown, lapsed) = (true, known || was);
    }
}
