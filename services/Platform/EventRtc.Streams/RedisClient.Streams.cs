namespace EventRtc.Streams;

public sealed partial class RedisClient
{
    /// <param name="id"><c>*</c>: Redis takes its clock. Otherwise it must be higher than every id before, or the call is refused with ERR.</param>
    /// <param name="maxLength">Trims to about so many entries; whole nodes of 100 entries go at once.</param>
    /// <param name="minId">Trims about the entries below this id, likewise.</param>
    /// <returns>The entry's id.</returns>
    public async Task<string> StreamAddAsync(
        string key, IReadOnlyList<NameValueEntry> fields, string id = "*", int? maxLength = null, string? minId = null, CancellationToken ct = default)
    {
        RedisValue[] trim = (maxLength, minId) switch
        {
            ({ } length, null) => ["MAXLEN", "~", length],
            (null, { } lowest) => ["MINID", "~", lowest],
            (null, null) => [],
            _ => throw new ArgumentException("Redis trims by length or by id, not by both", nameof(minId)),
        };
        return (string)(await ExecuteAsync(["XADD", key, .. trim, id, .. Flat(fields)], ct))!;
    }

    /// <param name="from">Inclusive; <c>(id</c> excludes it; <c>-</c> is the lowest.</param>
    /// <param name="to">Inclusive; <c>+</c> is the highest.</param>
    public async Task<IReadOnlyList<StreamEntry>> StreamRangeAsync(string key, string from = "-", string to = "+", int? count = null, CancellationToken ct = default) =>
        Entries(await ExecuteAsync(["XRANGE", key, from, to, .. Count(count)], ct));

    public async Task<long> StreamLengthAsync(string key, CancellationToken ct = default) => (long)await ExecuteAsync(["XLEN", key], ct);

    /// <returns>Null when there is no such stream.</returns>
    public async Task<StreamInfo?> StreamInfoAsync(string key, CancellationToken ct = default)
    {
        try
        {
            var fields = Named(await ExecuteAsync(["XINFO", "STREAM", key], ct));
            return new((long)fields["length"], (string)fields["last-generated-id"]!);
        }
        catch (RedisServerException e) when (e.Message == "ERR no such key")
        {
            return null;
        }
    }

    /// <summary>Removes the entries below an id.</summary>
    /// <param name="approximate">Cheaper: removes only whole nodes of 100 entries.</param>
    /// <returns>How many went.</returns>
    public async Task<long> StreamTrimByMinIdAsync(string key, string minId, bool approximate = false, CancellationToken ct = default) =>
        (long)await ExecuteAsync(["XTRIM", key, "MINID", approximate ? "~" : "=", minId], ct);

    /// <summary>Reads several streams without a group.</summary>
    /// <param name="count">At most so many entries of each stream.</param>
    /// <param name="block">Waits so long on the server for a first entry; null: not at all.</param>
    /// <returns>Only streams that have entries; none when the time ran out.</returns>
    public async Task<IReadOnlyList<RedisStream>> StreamReadAsync(
        IReadOnlyList<StreamPosition> streams, int? count = null, TimeSpan? block = null, CancellationToken ct = default) =>
        await Read(["XREAD"], streams, count, block, ct);

    /// <summary>
    /// Reads as a consumer of a group. Entries stay pending for the consumer until acknowledged. A read that was cancelled or failed may have got entries:
    /// read from <see cref="StreamPosition.Beginning"/> to see them again.
    /// </summary>
    /// <inheritdoc cref="StreamReadAsync"/>
    /// <exception cref="RedisServerException">NOGROUP: a stream or its group does not exist (any more).</exception>
    public async Task<IReadOnlyList<RedisStream>> StreamReadGroupAsync(
        string group, string consumer, IReadOnlyList<StreamPosition> streams, int? count = null, TimeSpan? block = null, CancellationToken ct = default) =>
        await Read(["XREADGROUP", "GROUP", group, consumer], streams, count, block, ct);

    /// <param name="position">The group begins after this id; <c>$</c>: with the next entry, <c>0-0</c>: with the first.</param>
    /// <param name="createStream">Create an empty stream when there is none; otherwise that is refused with ERR.</param>
    /// <returns>False when the group exists; its position stays.</returns>
    public async Task<bool> StreamCreateConsumerGroupAsync(
        string key, string group, string position = StreamPosition.End, bool createStream = true, CancellationToken ct = default)
    {
        try
        {
            await ExecuteAsync(["XGROUP", "CREATE", key, group, position, .. createStream ? (RedisValue[])["MKSTREAM"] : []], ct);
            return true;
        }
        catch (RedisServerException e) when (e.Code == "BUSYGROUP")
        {
            return false;
        }
    }

    /// <exception cref="RedisServerException">ERR: there is no such stream.</exception>
    public async Task<IReadOnlyList<StreamGroup>> StreamGroupsAsync(string key, CancellationToken ct = default) =>
        Map(await ExecuteAsync(["XINFO", "GROUPS", key], ct), group =>
        {
            var fields = Named(group);
            return new StreamGroup((string)fields["name"]!, (long)fields["pending"], (string)fields["last-delivered-id"]!, fields["lag"] is { IsNull: false } lag ? (long)lag : null);
        });

    /// <returns>The lowest id that the group got and has not acknowledged; null when there is none.</returns>
    /// <exception cref="RedisServerException">NOGROUP: the stream or its group does not exist.</exception>
    public async Task<string?> StreamLowestPendingAsync(string key, string group, CancellationToken ct = default) =>
        (string?)(await ExecuteAsync(["XPENDING", key, group], ct))[1];

    /// <returns>How many of the ids were pending.</returns>
    public async Task<long> StreamAcknowledgeAsync(string key, string group, IReadOnlyList<string> ids, CancellationToken ct = default) =>
        (long)await ExecuteAsync(["XACK", key, group, .. ids.Select(id => (RedisValue)id)], ct);

    /// <summary>Takes over entries that have been pending for longer than <paramref name="minIdle"/>, whoever got them.</summary>
    /// <param name="startId">Goes through the pending entries from here on.</param>
    public async Task<StreamAutoClaimResult> StreamAutoClaimAsync(
        string key, string group, string consumer, TimeSpan minIdle, string startId = StreamPosition.Beginning, int? count = null, CancellationToken ct = default)
    {
        var answer = await ExecuteAsync(["XAUTOCLAIM", key, group, consumer, (long)minIdle.TotalMilliseconds, startId, .. Count(count)], ct);
        return new((string)answer[0]!, Entries(answer[1]), Map(answer[2], id => (string)id!));
    }

    private async Task<IReadOnlyList<RedisStream>> Read(
        RedisValue[] command, IReadOnlyList<StreamPosition> streams, int? count, TimeSpan? block, CancellationToken ct)
    {
        RedisValue[] wait = block is { } time ? ["BLOCK", Milliseconds(time)] : [];
        command = [.. command, .. Count(count), .. wait, "STREAMS", .. streams.Select(s => (RedisValue)s.Key), .. streams.Select(s => (RedisValue)s.Position)];
        var answer = await (block is { } longest ? ExecuteBlocking(command, longest, ct) : ExecuteAsync(command, ct));
        return Map(answer, stream => new RedisStream((string)stream[0]!, Entries(stream[1])));
    }

    private static RedisValue[] Count(int? count) => count is { } most ? ["COUNT", most] : [];

    private static StreamEntry[] Entries(RedisResult answer) => Map(answer, entry => new StreamEntry((string)entry[0]!, Fields(entry[1])));

    private static NameValueEntry[] Fields(RedisResult answer)
    {
        var fields = new NameValueEntry[answer.Length / 2];
        for (var i = 0; i < fields.Length; i++)
            fields[i] = new((string)answer[2 * i]!, (RedisValue)answer[2 * i + 1]);
        return fields;
    }

    private static Dictionary<string, RedisResult> Named(RedisResult answer)
    {
        var fields = new Dictionary<string, RedisResult>();
        for (var i = 0; i < answer.Length; i += 2)
            fields.Add((string)answer[i]!, answer[i + 1]);
        return fields;
    }

    private static T[] Map<T>(RedisResult answer, Func<RedisResult, T> convert)
    {
        var items = new T[answer.Length];
        for (var i = 0; i < items.Length; i++)
            items[i] = convert(answer[i]);
        return items;
    }
}
