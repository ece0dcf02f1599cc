using EventRtc.EventStore;
using EventRtc.Projections;

namespace EventRtc.Projector;

/// <param name="Event">As it was parked.</param>
/// <param name="Waiting">What still holds the stream up: the same event, or a later one; null when nothing does.</param>
public sealed record ParkedOutcome(ParkedEvent Event, ParkedEvent? Waiting);

/// <summary>
/// What operators do with events that could not be projected. Both make the views of the room or module at once what its events now say; one that this did not reach,
/// because a server went away, is done by doing it again.
/// </summary>
public sealed class Parking(PostgresEventStore store, RoomProjection projection, ModuleProjection modules, TimeProvider clock)
{
    public Task<IReadOnlyList<ParkedEvent>> List(CancellationToken ct = default) => store.Parked.List(ct: ct);

    /// <summary>Tries the event again, also one that was skipped.</summary>
    /// <returns>Null when no such event is parked.</returns>
    /// <exception cref="EventStoreUnavailableException">PostgreSQL is away.</exception>
    /// <exception cref="Etcd.EtcdException">etcd is away.</exception>
    public async Task<ParkedOutcome?> Retry(Position position, CancellationToken ct = default)
    {
        if (await Find(position, ct) is not { } parked)
            return null;
        await store.Parked.Release(position, ct);
        if (!StreamNames.IsKnown(parked.Stream.Value))
            await store.Parked.Park(parked with { SkippedAt = null, SkippedBy = null, ParkedAt = clock.GetUtcNow() }, ct);
        return await Refresh(parked, ct);
    }

    /// <summary>Leaves the event out for ever, in views and in decisions; the log keeps it.</summary>
    /// <param name="by">Who decided it.</param>
    /// <inheritdoc cref="Retry"/>
    public async Task<ParkedOutcome?> Skip(Position position, string by, CancellationToken ct = default) =>
        await store.Parked.Skip(position, by, clock.GetUtcNow(), ct) && await Find(position, ct) is { } parked ? await Refresh(parked, ct) : null;

    private async Task<ParkedOutcome> Refresh(ParkedEvent parked, CancellationToken ct)
    {
        if (StreamNames.RoomOf(parked.Stream.Value) is { } room)
            await projection.Refresh(room, ct);
        if (StreamNames.ModuleOf(parked.Stream.Value) is { } module)
            await modules.Refresh(module, ct);
        return new ParkedOutcome(parked, (await store.Parked.List(parked.Stream, ct)).FirstOrDefault(e => e.SkippedAt is null));
    }

    private async Task<ParkedEvent?> Find(Position position, CancellationToken ct) =>
        (await store.Parked.List(ct: ct)).FirstOrDefault(e => e.Position == position);
}
