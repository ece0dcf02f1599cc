using System.Data;
using Npgsql;
using NpgsqlTypes;

namespace EventRtc.EventStore;

/// <summary>
/// A connection that appends go through, one group after another, with its statement prepared. After any fault it is opened anew: what a broken exchange left
/// behind cannot meet the next one.
/// </summary>
internal sealed class AppendConnection(PostgresSource source) : IAsyncDisposable
{
    // With tables that grow from nothing, a plan that was right at first would scan them whole later: the way through the indexes is always right here.
    private const string Planning = "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c plan_cache_mode=force_generic_plan -c jit=off";

    private const string Columns = "select positions, refused, stream_versions, last_positions from";

    private static readonly NpgsqlDbType[] SetTypes =
    [
        NpgsqlDbType.Varchar, NpgsqlDbType.Varchar, NpgsqlDbType.Bigint, NpgsqlDbType.Integer,
        NpgsqlDbType.Uuid, NpgsqlDbType.Varchar, NpgsqlDbType.Integer, NpgsqlDbType.Bigint, NpgsqlDbType.Varchar, NpgsqlDbType.Jsonb, NpgsqlDbType.TimestampTz, NpgsqlDbType.Varchar,
        NpgsqlDbType.Varchar, NpgsqlDbType.Varchar, NpgsqlDbType.Jsonb,
    ];

    private static readonly NpgsqlDbType[] OneTypes =
    [
        NpgsqlDbType.Varchar, NpgsqlDbType.Varchar, NpgsqlDbType.Bigint, NpgsqlDbType.Uuid, NpgsqlDbType.Varchar, NpgsqlDbType.Jsonb, NpgsqlDbType.TimestampTz, NpgsqlDbType.Varchar,
        NpgsqlDbType.Varchar, NpgsqlDbType.Varchar, NpgsqlDbType.Jsonb,
    ];

    private Opened? open;

    /// <exception cref="EventStoreUnavailableException">The group may have been executed: repeated, it is recognised by its event ids.</exception>
    public async Task<IReadOnlyList<AppendResult>> Execute(IReadOnlyList<AppendRequest> group)
    {
        try
        {
            open ??= await Open();
            var command = group is [{ Events.Count: 1 } one] ? Fill(open.One, one) : Fill(open.Set, group);
            await using var rows = await command.ExecuteReaderAsync(CommandBehavior.SingleRow);
            await rows.ReadAsync();
            return Answers(rows, group);
        }
        catch (Exception fault)
        {
            await Close();
            if (fault is not EventStoreUnavailableException && EventStoreUnavailableException.Explains(fault))
                throw new EventStoreUnavailableException(source.Server, fault) { ConnectionLost = EventStoreUnavailableException.IsBreak(fault) };
            throw;
        }
    }

    public async ValueTask DisposeAsync() => await Close();

    /// <summary>See Sql/003_append_set.sql for the columns.</summary>
    private static AppendResult[] Answers(NpgsqlDataReader row, IReadOnlyList<AppendRequest> group)
    {
        var (positions, refused) = (Column<long>(0), Column<int>(1));
        var (versions, repeated) = (Column<long>(2), Column<long?>(3));
        var answers = new AppendResult[group.Count];
        for (var i = 0; i < refused.Length; i++)
            answers[refused[i] - 1] = repeated[i] is { } last ? new AppendResult.Appended(versions[i], new Position(last), Repeated: true) : new AppendResult.VersionConflict(versions[i]);
        var appended = 0;
        for (var i = 0; i < answers.Length; i++)
            if (answers[i] is null)
                answers[i] = new AppendResult.Appended(group[i].Tip.Version, new Position(positions[(appended += group[i].Events.Count) - 1])) { Tip = group[i].Tip };
        return answers;

        T[] Column<T>(int number) => row.IsDBNull(number) ? [] : row.GetFieldValue<T[]>(number);
    }

    private async Task<Opened> Open()
    {
        var connection = await source.OpenAlone(Planning);
        try
        {
            return new Opened(
                connection,
                await Prepare(connection, "rtc_append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)", SetTypes.Select(type => NpgsqlDbType.Array | type)),
                await Prepare(connection, "rtc_append_one($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)", OneTypes));
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static async Task<NpgsqlCommand> Prepare(NpgsqlConnection connection, string function, IEnumerable<NpgsqlDbType> types)
    {
        var command = new NpgsqlCommand($"{Columns} {function}", connection);
        foreach (var type in types)
            command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = type });
        await command.PrepareAsync();
        return command;
    }

    private async Task Close()
    {
        if (open is null)
            return;
        var closed = open;
        open = null;
        await closed.Set.DisposeAsync();
        await closed.One.DisposeAsync();
        await closed.Connection.DisposeAsync();
    }

    private static NpgsqlCommand Fill(NpgsqlCommand command, AppendRequest request)
    {
        var e = request.Events[0];
        return Fill(command, [
            request.Stream.Value, request.Stream.Category, request.Expected, e.Id, e.Type, e.Json, e.At.UtcDateTime, e.DotNetType,
            request.Headers.CorrelationId, request.Headers.CommandId.ToString(), request.HeaderSets[0]]);
    }

    private static NpgsqlCommand Fill(NpgsqlCommand command, object[] values)
    {
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i];
        return command;
    }

    private static NpgsqlCommand Fill(NpgsqlCommand command, IReadOnlyList<AppendRequest> group)
    {
        var n = group.Count;
        var count = group.Sum(request => request.Events.Count);
        var (streams, categories, expected, lasts) = (new string[n], new string[n], new long[n], new int[n]);
        var (ids, eventStreams, requests, versions, types) = (new Guid[count], new string[count], new int[count], new long[count], new string[count]);
        var (bodies, times, dotnet) = (new string[count], new DateTime[count], new string[count]);
        var (correlations, causations, headers) = (new string[count], new string[count], new byte[count][]);
        var e = 0;
        for (var r = 0; r < n; r++)
        {
            var request = group[r];
            (streams[r], categories[r], expected[r]) = (request.Stream.Value, request.Stream.Category, request.Expected);
            var causation = request.Headers.CommandId.ToString();
            for (var i = 0; i < request.Events.Count; i++, e++)
            {
                var happened = request.Events[i];
                (ids[e], eventStreams[e], requests[e], versions[e], types[e]) = (happened.Id, request.Stream.Value, r + 1, request.Expected + i + 1, happened.Type);
                (bodies[e], times[e], dotnet[e]) = (happened.Json, happened.At.UtcDateTime, happened.DotNetType);
                (correlations[e], causations[e], headers[e]) = (request.Headers.CorrelationId, causation, request.HeaderSets[i]);
            }
            lasts[r] = e;
        }
        return Fill(command, [streams, categories, expected, lasts, ids, eventStreams, requests, versions, types, bodies, times, dotnet, correlations, causations, headers]);
    }

    private sealed record Opened(NpgsqlConnection Connection, NpgsqlCommand Set, NpgsqlCommand One);
}
