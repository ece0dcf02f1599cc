using System.Threading.RateLimiting;
using EventRtc.Domain;

namespace EventRtc.Rooms.Housekeeping.Moves;

/// <summary>How many rooms may leave a module, and enter one, in a while: a storm of moves is spread over time. For several threads at once.</summary>
public sealed class MoveRates(HousekeepingOptions options) : IDisposable
{
    private readonly PartitionedRateLimiter<(ModuleKind, ModuleId)> sources = Buckets(options);
    private readonly PartitionedRateLimiter<(ModuleKind, ModuleId)> targets = Buckets(options);

    public bool MayLeave(ModuleKind kind, ModuleId module) => HasTurn(sources, kind, module);

    public bool MayEnter(ModuleKind kind, ModuleId module) => HasTurn(targets, kind, module);

    /// <summary>A room goes from one module to another.</summary>
    public void Take(ModuleKind kind, ModuleId from, ModuleId to)
    {
        sources.AttemptAcquire((kind, from)).Dispose();
        targets.AttemptAcquire((kind, to)).Dispose();
    }

    public void Dispose()
    {
        sources.Dispose();
        targets.Dispose();
    }

    private static bool HasTurn(PartitionedRateLimiter<(ModuleKind, ModuleId)> buckets, ModuleKind kind, ModuleId module) =>
        buckets.GetStatistics((kind, module)) is { CurrentAvailablePermits: > 0 };

    private static PartitionedRateLimiter<(ModuleKind, ModuleId)> Buckets(HousekeepingOptions options) =>
        PartitionedRateLimiter.Create<(ModuleKind, ModuleId), (ModuleKind, ModuleId)>(module => RateLimitPartition.GetTokenBucketLimiter(module, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = options.MovesAtOnce,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1.0 / options.MovesPerSecond),
            QueueLimit = 0,
        }));
}
