using System.Threading.RateLimiting;

namespace EventRtc.Gateway.Limits;

/// <summary>A token bucket for each key; those that are full are forgotten after a while.</summary>
/// <param name="code">What a refusal is called, such as <c>too_many_messages</c>.</param>
/// <param name="perSecond">How fast a bucket fills.</param>
/// <param name="burst">How much it holds.</param>
public sealed class Buckets(string code, int perSecond, int burst) : IDisposable
{
    private readonly PartitionedRateLimiter<string> limiter = PartitionedRateLimiter.Create<string, string>(key => RateLimitPartition.GetTokenBucketLimiter(key, _ => new TokenBucketRateLimiterOptions
    {
        TokenLimit = burst,
        TokensPerPeriod = 1,
        ReplenishmentPeriod = TimeSpan.FromSeconds(1.0 / perSecond),
        QueueLimit = 0,
    }), StringComparer.Ordinal);

    /// <returns>Null, or the limit that was met and when it is worth trying again.</returns>
    public TooMany? Take(string key)
    {
        using var lease = limiter.AttemptAcquire(key);
        if (lease.IsAcquired)
            return null;
        return new TooMany(code, lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(1));
    }

    public void Dispose() => limiter.Dispose();
}

/// <param name="Code">Which limit.</param>
/// <param name="RetryAfter">When there is room again.</param>
public sealed record TooMany(string Code, TimeSpan RetryAfter);
