using System.Globalization;
using System.Text;
using EventRtc.Contracts.Clients;
using EventRtc.Domain;
using EventRtc.Streams;

namespace EventRtc.Gateway.Locks;

/// <summary>
/// One connection for each user of a room, over all gateways: the lock <c>rtcus:c:{room}:{user}</c> names it (<c>{gateway}:{client}.{number}</c>). It lasts
/// <see cref="GatewayOptions.LockTtl"/> from each renewal on.
/// </summary>
public sealed class ConnectionLocks(RedisClient redis, GatewayIdentity gateway, GatewayOptions options, TimeProvider clock)
{
    private static readonly LuaScript TakeScript = LuaScript.Prepare(Text("Take.lua"));

    private static readonly LuaScript RenewScript = LuaScript.Prepare("""
        local held = redis.call('GET', KEYS[1])
        if held == ARGV[1] then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
        return held
        """);

    private static readonly LuaScript ReleaseScript = LuaScript.Prepare("return redis.call('GET', KEYS[1]) == ARGV[1] and redis.call('DEL', KEYS[1]) or 0");

    /// <summary>Stands for a client in the name of a holder that clears up.</summary>
    private const string Clearing = "-";

    private static readonly TimeSpan ClearingPause = TimeSpan.FromMilliseconds(20);

    /// <summary>A gateway that dies while it clears up delays the next join by no more than this.</summary>
    private static readonly TimeSpan ClearingTtl = TimeSpan.FromSeconds(5);

    private long lastNumber;

    /// <summary>Takes the user's place for a new connection of this client; an earlier one of the same client, or of a gateway that is gone, gives way.</summary>
    /// <returns>Null when another client's connection holds it.</returns>
    /// <exception cref="RedisException">Redis is away.</exception>
    public async Task<HeldLock?> Take(RoomId room, UserId user, Guid client, CancellationToken ct)
    {
        var holder = NewHolder($"{client:N}");
        while (true)
        {
            var asked = clock.GetTimestamp();
            var generation = (string?)await redis.ScriptEvaluateAsync(
                TakeScript, [KeyOf(room, user), Broadcasts.Stream],
                [holder, $"{client:N}", room.Value, user.Value, Milliseconds(options.LockTtl), Milliseconds(Broadcasts.KeepFor), GatewayIdentity.AlivePrefix], ct);
            if (generation is null)
                return null;
            if (generation is not Clearing)
                return new HeldLock(this, room, user, holder, long.Parse(generation, CultureInfo.InvariantCulture), asked);
            await Task.Delay(ClearingPause, clock, ct);
        }
    }

    /// <summary>Takes the place only while nobody has it, to clear up what no connection may see half done: whoever wants to take it waits meanwhile.</summary>
    /// <returns>Null when somebody has it.</returns>
    /// <exception cref="RedisException">Redis is away.</exception>
    public async Task<HeldLock?> TakeIfFree(RoomId room, UserId user, CancellationToken ct)
    {
        var holder = NewHolder(Clearing);
        var asked = clock.GetTimestamp();
        return await redis.StringSetAsync(KeyOf(room, user), holder, ClearingTtl, When.NotExists, ct) ? new HeldLock(this, room, user, holder, 0, asked) : null;
    }

    internal long Now => clock.GetTimestamp();

    /// <summary>Counted from before Redis was asked: until then nobody else can have got it.</summary>
    internal bool IsCertain(long asked) => clock.GetElapsedTime(asked) < options.LockTtl;

    internal async Task<string?> Renew(HeldLock held, CancellationToken ct) =>
        (string?)await redis.ScriptEvaluateAsync(RenewScript, [KeyOf(held.Room, held.User)], [held.Holder, Milliseconds(options.LockTtl)], ct);

    internal async Task<string?> Look(HeldLock held, CancellationToken ct) => (string?)await redis.StringGetAsync(KeyOf(held.Room, held.User), ct);

    internal Task Release(HeldLock held, CancellationToken ct) => redis.ScriptEvaluateAsync(ReleaseScript, [KeyOf(held.Room, held.User)], [held.Holder], ct);

    private string NewHolder(string client) => $"{gateway.Name}:{client}.{Interlocked.Increment(ref lastNumber)}";

    private static string KeyOf(RoomId room, UserId user) => $"rtcus:c:{room}:{user}";

    private static long Milliseconds(TimeSpan time) => (long)time.TotalMilliseconds;

    private static string Text(string resource)
    {
        using var reader = new StreamReader(typeof(ConnectionLocks).Assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
