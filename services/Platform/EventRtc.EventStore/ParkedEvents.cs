using Npgsql;

namespace EventRtc.EventStore;

/// <summary>An event that could not be projected and waits for an operator.</summary>
/// <param name="Reason">Why, for people; without secrets.</param>
/// <param name="SkippedAt">When an operator decided to leave it out for ever; null while it waits.</param>
/// <param name="SkippedBy">Who.</param>
public sealed record ParkedEvent(
    Position Position, StreamId Stream, long Version, string Type, string Reason, DateTimeOffset ParkedAt, DateTimeOffset? SkippedAt = null, string? SkippedBy = null);

/// <summary>
/// The events that were set aside, table <c>rtc_parked</c>. One that waits holds its stream up: what follows it is not projected and not decided on. One that was
/// skipped is left out wherever its stream is folded. Every call throws <see cref="EventStoreUnavailableException"/> when PostgreSQL is away.
/// </summary>
public sealed class ParkedEvents
{
    private readonly PostgresSource source;

    internal ParkedEvents(PostgresSource source) => this.source = source;

    /// <summary>Sets an event aside; again and again is the same as once, and what was skipped stays so.</summary>
    public Task Park(ParkedEvent parked, CancellationToken ct = default) => Execute(
        "insert into rtc_parked (position, stream, version, type, reason, parked_at) values ($1, $2, $3, $4, $5, $6) on conflict (position) do update set reason = excluded.reason where rtc_parked.skipped_at is null", ct,
        parked.Position.Value, parked.Stream.Value, parked.Version, parked.Type, parked.Reason, parked.ParkedAt);

    /// <summary>Those of one stream, or all, in the order of their positions; also the skipped ones.</summary>
    public Task<IReadOnlyList<ParkedEvent>> List(StreamId? stream = null, CancellationToken ct = default) => source.Use<IReadOnlyList<ParkedEvent>>(async (connection, token) =>
    {
        await using var query = new NpgsqlCommand(
            "select position, stream, version, type, reason, parked_at, skipped_at, skipped_by from rtc_parked where $1::varchar is null or stream = $1 order by position", connection);
        query.Parameters.Add(new NpgsqlParameter { Value = (object?)stream?.Value ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Varchar });
        await using var rows = await query.ExecuteReaderAsync(token);
        var parked = new List<ParkedEvent>();
        while (await rows.ReadAsync(token))
            parked.Add(new ParkedEvent(
                new Position(rows.GetInt64(0)), StreamId.Stored(rows.GetString(1)), rows.GetInt64(2), rows.GetString(3), rows.GetString(4), rows.GetFieldValue<DateTimeOffset>(5),
                rows.IsDBNull(6) ? null : rows.GetFieldValue<DateTimeOffset>(6), rows.IsDBNull(7) ? null : rows.GetString(7)));
        return parked;
    }, ct);

    /// <summary>Leaves an event out for ever. False when it is not parked.</summary>
    public async Task<bool> Skip(Position position, string by, DateTimeOffset at, CancellationToken ct = default) =>
        await Execute("update rtc_parked set skipped_at = coalesce(skipped_at, $2), skipped_by = coalesce(skipped_by, $3) where position = $1", ct, position.Value, at, by) == 1;

    /// <summary>Forgets that an event was parked or skipped: it is tried again when its stream is folded next. False when it is not parked.</summary>
    public async Task<bool> Release(Position position, CancellationToken ct = default) =>
        await Execute("delete from rtc_parked where position = $1", ct, position.Value) == 1;

    private Task<int> Execute(string sql, CancellationToken ct, params object[] arguments) => source.Use(async (connection, token) =>
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var argument in arguments)
            command.Parameters.Add(new NpgsqlParameter { Value = argument });
        return await command.ExecuteNonQueryAsync(token);
    }, ct);
}
