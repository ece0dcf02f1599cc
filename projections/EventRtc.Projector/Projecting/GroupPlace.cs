using EventRtc.EventStore;
using EventRtc.Streams;

namespace EventRtc.Projector;

/// <summary>Where the projectors' group stands in one stream.</summary>
/// <param name="Delivered">The last position that some projector got.</param>
/// <param name="OldestPending">The lowest position that was delivered and is not acknowledged; null when there is none.</param>
/// <param name="FirstLeft">The stream's first entry; null when it has none.</param>
/// <param name="Next">The first entry behind <paramref name="Delivered"/>; null when there is none.</param>
/// <param name="End">Up to where the stream holds the store's events of its partition, also when they were trimmed since.</param>
public sealed record GroupPlace(string Key, Position Delivered, Position? OldestPending, Position? FirstLeft, Position? Next, Position End)
{
    /// <summary>Everything up to here is projected.</summary>
    public Position Done => OldestPending is { } pending ? new Position(pending.Value - 1) : Delivered;

    /// <summary>Up to here the stream has nothing; what came before is in the store alone.</summary>
    public Position TrimmedTo => FirstLeft is { } first ? new Position(first.Value - 1) : End;

    public static async Task<GroupPlace> Of(RedisClient redis, string key, CancellationToken ct)
    {
        if (await redis.StreamInfoAsync(key, ct) is not { } stream)
            return new GroupPlace(key, Position.Start, null, null, null, Position.Start);
        var group = (await redis.StreamGroupsAsync(key, ct)).FirstOrDefault(group => group.Name == EventStreams.Group);
        var pending = group is { Pending: > 0 } ? await redis.StreamLowestPendingAsync(key, group.Name, ct) : null;
        var delivered = group?.LastDeliveredId ?? StreamPosition.Beginning;
        return new GroupPlace(
            key, EventEntry.PositionOf(delivered), pending is null ? null : EventEntry.PositionOf(pending),
            await First("-"), await First($"({delivered}"), EventEntry.PositionOf(stream.LastGeneratedId));

        async Task<Position?> First(string from) =>
            await redis.StreamRangeAsync(key, from, count: 1, ct: ct) is [var entry] ? EventEntry.PositionOf(entry.Id) : null;
    }
}
