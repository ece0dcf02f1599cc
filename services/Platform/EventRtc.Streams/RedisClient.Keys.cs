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

    public Task HashSetAsync(string key, IReadOnlyList<NameValueEntry> fields, CancellationToken ct = default) => ExecuteAsync(["HSET", key, .. Flat(fields)], ct);

    /// <returns>True when the field is new.</returns>
    public async Task<bool> HashSetAsync(string key, string field, RedisValue value, CancellationToken ct = default) =>
        (bool)await ExecuteAsync(["HSET", key, field, value], ct);

    public async Task<RedisValue> HashGetAsync(string key, string field, CancellationToken ct = default) => (RedisValue)await ExecuteAsync(["HGET", key, field], ct);

    /// <returns>Empty when there is no such key.</returns>
    public async Task<IReadOnlyDictionary<string, RedisValue>> HashGetAllAsync(string key, CancellationToken ct = default)
    {
        var answer = await ExecuteAsync(["HGETALL", key], ct);
        var fields = new Dictionary<string, RedisValue>(answer.Length / 2);
        for (var i = 0; i < answer.Length; i += 2)
            fields.Add((string)answer[i]!, (RedisValue)answer[i + 1]);
        return fields;
    }

    /// <returns>False when there was no such field.</returns>
    public async Task<bool> HashDeleteAsync(string key, string field, CancellationToken ct = default) => (bool)await ExecuteAsync(["HDEL", key, field], ct);

    /// <returns>The new value; a missing field counts from 0.</returns>
    public async Task<long> HashIncrementAsync(string key, string field, long by = 1, CancellationToken ct = default) =>
        (long)await ExecuteAsync(["HINCRBY", key, field, by], ct);

    /// <summary>Runs the script; when the server does not know it (any more), sends the text along.</summary>
    public async Task<RedisResult> ScriptEvaluateAsync(LuaScript script, IReadOnlyList<string> keys, IReadOnlyList<RedisValue> args, CancellationToken ct = default)
    {
        RedisValue[] command = ["EVALSHA", script.Hash, keys.Count, .. keys.Select(key => (RedisValue)key), .. args];
        try
        {
            return await ExecuteAsync(command, ct);
        }
        catch (RedisServerException e) when (e.Code == "NOSCRIPT")
        {
            // EVAL loads and runs in one step, so that no flush can come between.
            return await ExecuteAsync(["EVAL", script.Text, .. command[2..]], ct);
        }
    }

    private static RedisValue[] Flat(IReadOnlyList<NameValueEntry> fields)
    {
        var flat = new RedisValue[2 * fields.Count];
        for (var i = 0; i < fields.Count; i++)
            (flat[2 * i], flat[2 * i + 1]) = (fields[i].Name, fields[i].Value);
        return flat;
    }

    /// <summary>At least 1: Redis takes 0 for "at once" or "for ever".</summary>
    private static long Milliseconds(TimeSpan span) => Math.Max(1, (long)span.TotalMilliseconds);
}
