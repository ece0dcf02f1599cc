namespace EventRtc.Streams;

/// <summary>When a value is written.</summary>
public enum When
{
    Always,

    /// <summary>Only when the key does not exist.</summary>
    NotExists,

    /// <summary>Only when the key exists.</summary>
    Exists,
}

public sealed partial class RedisClient
{
    /// <param name="expiry">Milliseconds precise; null: the key stays, and loses the expiry it had.</param>
    /// <returns>False when <paramref name="when"/> kept the value from being written.</returns>
    public async Task<bool> StringSetAsync(string key, RedisValue value, TimeSpan? expiry = null, When when = When.Always, CancellationToken ct = default)
    {
        List<RedisValue> command = ["SET", key, value];
        if (expiry is { } life)
            command.AddRange(["PX", Milliseconds(life)]);
        if (when != When.Always)
            command.Add(when == When.NotExists ? "NX" : "XX");
        return !(await ExecuteAsync([.. command], ct)).IsNull;
    }

    public async Task<RedisValue> StringGetAsync(string key, CancellationToken ct = default) => (RedisValue)await ExecuteAsync(["GET", key], ct);

    /// <returns>False when there was no such key.</returns>
    public async Task<bool> KeyDeleteAsync(string key, CancellationToken ct = default) => (bool)await ExecuteAsync(["DEL", key], ct);

    /// <returns>False when there is no such key.</returns>
    public async Task<bool> KeyExpireAsync(string key, TimeSpan expiry, CancellationToken ct = default) =>
        (bool)await ExecuteAsync(["PEXPIRE", key, Milliseconds(expiry)], ct);

    /// <returns>Null when there is no such key or when it does not expire.</returns>
    public async Task<TimeSpan?> KeyTimeToLiveAsync(string key, CancellationToken ct = default) =>
        (long)await ExecuteAsync(["PTTL", key], ct) is var left and >= 0 ? TimeSpan.FromMilliseconds(left) : null;

    public async Task<bool> KeyExistsAsync(string key, CancellationToken ct = default) => (bool)await ExecuteAsync(["EXISTS", key], ct);

    /// <summary>At least 1: Redis takes 0 for "at once" or "for ever".</summary>
    private static long Milliseconds(TimeSpan span) => Math.Max(1, (long)span.TotalMilliseconds);
}
