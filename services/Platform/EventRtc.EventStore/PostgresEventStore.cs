using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EventRtc.EventStore;

/// <summary>
/// The log of all events, in Marten's tables. Every call throws <see cref="EventStoreUnavailableException"/> when PostgreSQL is away, and an append
/// <see cref="EventStoreBusyException"/> when too many wait; anything else thrown is a bug.
/// </summary>
public sealed partial class PostgresEventStore : IAsyncDisposable
{
    private readonly PostgresSource source;
    private readonly AppendConnection[] lanes;
    private readonly AppendQueue appends;
    private readonly ILogger<PostgresEventStore> log;
    private readonly TimeProvider clock;

    public PostgresEventStore(EventStoreOptions options, TimeProvider clock, ILogger<PostgresEventStore> log)
    {
        source = new PostgresSource(options);
        Parked = new ParkedEvents(source);
        lanes = [new AppendConnection(source), new AppendConnection(source)];
        appends = new AppendQueue(options.MaxWaiting, [.. lanes.Select(lane => (CommitGroup)lane.Execute)], clock);
        this.log = log;
        this.clock = clock;
        StoreTelemetry.Begin();
    }

    /// <summary>What was set aside because it could not be projected.</summary>
    public ParkedEvents Parked { get; }

    /// <summary>Brings the tables up to date. Safe at every start and from several processes at once.</summary>
    public Task Migrate(CancellationToken ct = default) => source.Use(Migrations.Apply, ct);

    /// <summary>Appends events to one stream, all or none, in one round trip; appends waiting at the same time share a transaction.</summary>
    /// <param name="expected">The end of the stream that the decision was made on.</param>
    /// <param name="events">At least one.</param>
    /// <param name="ct">Takes the append back while it waits; once it is on its way to PostgreSQL its answer is awaited, which <see cref="EventStoreOptions"/> bounds.</param>
    /// <exception cref="OperationCanceledException">It was taken back, and is not executed.</exception>
    public Task<AppendResult> Append(
        StreamId stream, StreamTip expected, IReadOnlyList<NewEvent> events, EventHeaders headers, CancellationToken ct = default)
    {
        if (expected.Version < 0)
            throw new ArgumentOutOfRangeException(nameof(expected), expected, "Versions count from 1; 0 is a stream without events.");
        if (events.Count == 0)
            throw new ArgumentException("Nothing to append.", nameof(events));
        return StoreTelemetry.Measured(appends.Add(new AppendRequest(stream, expected, events, headers), ct), events);
    }

    /// <summary>A stream's events in the order of their versions; none when there is no such stream.</summary>
    /// <param name="afterVersion">Leaves out this version and all before it.</param>
    public Task<IReadOnlyList<RecordedEvent>> ReadStream(
        StreamId stream, long afterVersion = 0, int limit = int.MaxValue, CancellationToken ct = default) =>
        Read(EventRows.OfStream, ct, stream.Value, afterVersion, limit);

    /// <summary>All events in the order of their positions.</summary>
    /// <param name="after">Leaves out this position and all before it.</param>
    public Task<IReadOnlyList<RecordedEvent>> ReadAll(Position after, int limit, CancellationToken ct = default) =>
        Read(EventRows.Behind, ct, after.Value, limit);

    /// <summary>The whole log behind a position, in order, as it stands when the reading begins; for whoever reads very much. Dispose each batch.</summary>
    /// <param name="bodiesOnly">Leaves out ids, times and headers, which is faster.</param>
    public async IAsyncEnumerable<LogBatch> ReadLog(Position after, bool bodiesOnly = false, [EnumeratorCancellation] CancellationToken ct = default)
    {
        await using var connection = await source.OpenAlone("-c statement_timeout=0", ct);
        var columns = bodiesOnly ? "seq_id, stream_id, version, type, data" : "seq_id, stream_id, version, type, data, id, timestamp, headers";
        await using var copy = await Guarded(() => connection.BeginRawBinaryCopyAsync($"copy (select {columns} from mt_events where seq_id > {after.Value} order by seq_id) to stdout (format binary)", ct));
        var reader = new LogCopy(copy, bodiesOnly);
        while (await Guarded(() => reader.Read(ct)) is { } batch)
            yield return batch;
    }

    /// <summary>Streams whose row says another version than their last event has, all as at one moment; none when everything is right.</summary>
    public async Task<IReadOnlyList<(StreamId Stream, long Version, long LastEvent)>> ReadStrayVersions(CancellationToken ct = default)
    {
        await using var connection = await source.OpenAlone("-c statement_timeout=0", ct);
        return await Guarded(async () =>
        {
            await using var query = new NpgsqlCommand(
                """
                select s.id, coalesce(s.version, 0), coalesce(e.version, 0)
                  from mt_streams s left join (select stream_id, max(version) as version from mt_events group by stream_id) e on e.stream_id = s.id
                 where coalesce(s.version, 0) <> coalesce(e.version, 0)
                """, connection) { CommandTimeout = 0 };
            await using var rows = await query.ExecuteReaderAsync(ct);
            var stray = new List<(StreamId, long, long)>();
            while (await rows.ReadAsync(ct))
                stray.Add((StreamId.Stored(rows.GetString(0)), rows.GetInt64(1), rows.GetInt64(2)));
            return stray;
        });
    }

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

    public async ValueTask DisposeAsync()
    {
        await appends.DisposeAsync();
        foreach (var lane in lanes)
            await lane.DisposeAsync();
        await source.DisposeAsync();
    }

    private async Task<T> Guarded<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception fault) when (EventStoreUnavailableException.Explains(fault))
        {
            throw new EventStoreUnavailableException(source.Server, fault);
        }
    }

    private Task<IReadOnlyList<RecordedEvent>> Read(string sql, CancellationToken ct, params object[] arguments) =>
        source.Use<IReadOnlyList<RecordedEvent>>(async (connection, token) =>
        {
            await using var query = new NpgsqlCommand(sql, connection);
            foreach (var argument in arguments)
                query.Parameters.Add(new NpgsqlParameter { Value = argument });
            await query.PrepareAsync(token); // once for each connection of the pool
            await using var rows = await query.ExecuteReaderAsync(token);
            var events = new List<RecordedEvent>();
            while (await rows.ReadAsync(token))
                events.Add(EventRows.ToEvent(rows));
            return events;
        }, ct);
}
