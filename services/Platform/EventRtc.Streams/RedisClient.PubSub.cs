namespace EventRtc.Streams;

public sealed partial class RedisClient
{
    /// <returns>How many subscribers Redis handed the message to.</returns>
    public async Task<long> PublishAsync(string channel, RedisValue message, CancellationToken ct = default) =>
        (long)await ExecuteAsync(["PUBLISH", channel, message], ct);

    /// <summary>Completes when Redis has confirmed; from then on every message comes, as long as the connection holds. Restored by itself.</summary>
    public Task<RedisSubscription> SubscribeAsync(string channel, CancellationToken ct = default) => subscriber.Subscribe(channel, ct);
}
