namespace EventRtc.Streams;

public sealed partial class RedisClient
{
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

    private static RedisValue[] Flat(IReadOnlyList<NameValueEntry> fields)
    {
        var flat = new RedisValue[2 * fields.Count];
        for (var i = 0; i < fields.Count; i++)
            (flat[2 * i], flat[2 * i + 1]) = (fields[i].Name, fields[i].Value);
        return flat;
    }
}
