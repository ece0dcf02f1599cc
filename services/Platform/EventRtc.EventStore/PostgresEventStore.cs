using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace EventRtc.EventStore;

/// <summary>
/// The log of all events, in Marten's tables. Every call throws <see cref="EventStoreUnavailableException"/> when PostgreSQL is away, and an append
/// <see cref="EventStoreBusyException"/> when too many wait; anything else thrown is a bug.
/// </summary>
public sealed class PostgresEventStore : IAsyncDisposable
{
    private const string Columns = "seq_id, stream_id, version, id, type, data::text, timestamp, headers::text";

    private readonly PostgresSource source;
    private readonly AppendQueue appends;
    private readonly ILogger<PostgresEventStore> log;
    private readonly TimeProvider clock;

    public PostgresEventStore(EventStoreOptions options, TimeProvider clock, ILogger<PostgresEventStore> log)
    {
        source = new PostgresSource(options);
        appends = new AppendQueue(options.MaxWaiting, Commit);
        this.log = log;
        this.clock = clock;
    }

    /// <summary>Brings the tables up to date. Safe at every start and from several processes at once.</summary>
    public Task Migrate(CancellationToken ct = default) => source.Use(Migrations.Apply, ct);

    /// <summary>Appends events to one stream, all or none, in one round trip; appends waiting at the same time share a transaction.</summary>
    /// <param name="expectedVersion">The version the decision was made on; 0 for a stream without events.</param>
    /// <param name="events">At least one.</param>
    /// <param name="ct">Ends the wait; the append may be executed nevertheless.</param>
    public async Task<AppendResult> Append(
        StreamId stream, long expectedVersion, IReadOnlyList<NewEvent> events, EventHeaders headers, CancellationToken ct = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(expectedVersion);
        if (events.Count == 0)
            throw new ArgumentException("Nothing to append.", nameof(events));
        return await appends.Add(new AppendRequest(stream, expectedVersion, events, headers)).WaitAsync(ct);
    }

    /// <summary>A stream's events in the order of their versions; none when there is no such stream.</summary>
    /// <param name="afterVersion">Leaves out this version and all before it.</param>
    public Task<IReadOnlyList<RecordedEvent>> ReadStream(
        StreamId stream, long afterVersion = 0, int limit = int.MaxValue, CancellationToken ct = default) =>
        Read($"select {Columns} from mt_events where stream_id = $1 and version > $2 order by version limit $3", ct,
            stream.Value, afterVersion, limit);

    /// <summary>All events in the order of their positions.</summary>
    /// <param name="after">Leaves out this position and all before it.</param>
    public Task<IReadOnlyList<RecordedEvent>> ReadAll(Position after, int limit, CancellationToken ct = default) =>
        Read($"select {Columns} from mt_events where seq_id > $1 order by seq_id limit $2", ct, after.Value, limit);

    /// <summary>The last event's position; <see cref="Position.Start"/> when there is none.</summary>
    public Task<Position> Head(CancellationToken ct = default) => source.Use(async (connection, token) =>
    {
        await using var query = new NpgsqlCommand("select coalesce(max(seq_id), 0) from mt_events", connection);
        return new Position((long)(await query.ExecuteScalarAsync(token))!);
    }, ct);

    /// <summary>Returns when PostgreSQL answers and has our tables.</summary>
    public Task Ping(CancellationToken ct = default) => source.Use(async (connection, token) =>
    {
        await using var query = new NpgsqlCommand("select 1 from mt_events limit 0", connection);
        await query.ExecuteScalarAsync(token);
    }, ct);

    /// <summary>Wakes its holder after appends, also those of other processes. Dispose it to stop listening.</summary>
    public AppendListener Listen() => new(source, clock, log);

    public ValueTask DisposeAsync() => source.DisposeAsync();

    private Task<IReadOnlyList<AppendResult>> Commit(IReadOnlyList<AppendRequest> group) =>
        source.Use<IReadOnlyList<AppendResult>>(async (connection, token) =>
        {
            await using var append = new NpgsqlCommand("select stream_version, last_position, repeated from rtc_append($1)", connection)
            {
                Parameters = { new() { Value = AppendRequest.ToJson(group), NpgsqlDbType = NpgsqlDbType.Jsonb } },
            };
            await using var rows = await append.ExecuteReaderAsync(token);
            var results = new List<AppendResult>(group.Count);
            while (await rows.ReadAsync(token))
                results.Add(rows.IsDBNull(1)
                    ? new AppendResult.VersionConflict(rows.GetInt64(0))
                    : new AppendResult.Appended(rows.GetInt64(0), new Position(rows.GetInt64(1)), rows.GetBoolean(2)));
            return results;
        }, CancellationToken.None);

    private Task<IReadOnlyList<RecordedEvent>> Read(string sql, CancellationToken ct, params object[] arguments) =>
        source.Use<IReadOnlyList<RecordedEvent>>(async (connection, token) =>
        {
            await using var query = new NpgsqlCommand(sql, connection);
            foreach (var argument in arguments)
                query.Parameters.Add(new NpgsqlParameter { Value = argument });
            await using var rows = await query.ExecuteReaderAsync(token);
            var events = new List<RecordedEvent>();
            while (await rows.ReadAsync(token))
                events.Add(ToEvent(rows));
            return events;
        }, ct);

    private static RecordedEvent ToEvent(NpgsqlDataReader row) => new(
        new Position(row.GetInt64(0)), new StreamId(row.GetString(1)), row.GetInt64(2), row.GetGuid(3), row.GetString(4), row.GetString(5),
        row.GetFieldValue<DateTimeOffset>(6), HeadersJson.Read(row.IsDBNull(7) ? null : row.GetString(7)));
}
