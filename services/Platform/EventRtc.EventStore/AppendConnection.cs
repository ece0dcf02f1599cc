using Npgsql;
using NpgsqlTypes;

namespace EventRtc.EventStore;

/// <summary>
/// The one connection that appends go through, with its statement prepared. Appends run one after another under the store's lock anyway, so a second one would only wait.
/// After any fault it is opened anew: what a broken exchange left behind cannot meet the next one.
/// </summary>
internal sealed class AppendConnection(PostgresSource source) : IAsyncDisposable
{
    // With tables that grow from nothing, a plan that was right at first would scan them whole later: the way through the indexes is always right here.
    private const string Planning = "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c plan_cache_mode=force_generic_plan -c jit=off";

    private (NpgsqlConnection Connection, NpgsqlCommand Command)? open;

    /// <exception cref="EventStoreUnavailableException">The group may have been executed: repeated, it is recognised by its event ids.</exception>
    public async Task<IReadOnlyList<AppendResult>> Execute(IReadOnlyList<AppendRequest> group)
    {
        try
        {
            open ??= await Open();
            var (_, command) = open.Value;
            Fill(command.Parameters, group);
            await using var rows = await command.ExecuteReaderAsync();
            var results = new List<AppendResult>(group.Count);
            while (await rows.ReadAsync())
                results.Add(Read(rows, group[results.Count]));
            return results;
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

    private static AppendResult Read(NpgsqlDataReader row, AppendRequest request)
    {
        var version = row.GetInt64(0);
        if (row.IsDBNull(1))
            return new AppendResult.VersionConflict(version);
        var repeated = row.GetBoolean(2);
        return new AppendResult.Appended(version, new Position(row.GetInt64(1)), repeated) { Tip = repeated ? StreamTip.None : request.Tip };
    }

    private async Task<(NpgsqlConnection, NpgsqlCommand)> Open()
    {
        var connection = await source.OpenAlone(Planning);
        try
        {
            var command = new NpgsqlCommand("select stream_version, last_position, repeated from rtc_append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)", connection);
            foreach (var type in ParameterTypes)
                command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | type });
            await command.PrepareAsync();
            return (connection, command);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private async Task Close()
    {
        if (open is not var (connection, command))
            return;
        open = null;
        await command.DisposeAsync();
        await connection.DisposeAsync();
    }

    private static readonly NpgsqlDbType[] ParameterTypes =
    [
        NpgsqlDbType.Varchar, NpgsqlDbType.Varchar, NpgsqlDbType.Bigint, NpgsqlDbType.Integer, NpgsqlDbType.Integer,
        NpgsqlDbType.Uuid, NpgsqlDbType.Varchar, NpgsqlDbType.Integer, NpgsqlDbType.Bigint, NpgsqlDbType.Varchar, NpgsqlDbType.Jsonb, NpgsqlDbType.TimestampTz, NpgsqlDbType.Varchar,
        NpgsqlDbType.Varchar, NpgsqlDbType.Varchar, NpgsqlDbType.Jsonb,
    ];

    private static void Fill(NpgsqlParameterCollection parameters, IReadOnlyList<AppendRequest> group)
    {
        var n = group.Count;
        var count = group.Sum(request => request.Events.Count);
        var (streams, categories, expected, firsts, lasts) = (new string[n], new string[n], new long[n], new int[n], new int[n]);
        var (ids, eventStreams, requests, versions, types) = (new Guid[count], new string[count], new int[count], new long[count], new string[count]);
        var (bodies, times, dotnet) = (new string[count], new DateTime[count], new string[count]);
        var (correlations, causations, headers) = (new string[count], new string[count], new byte[count][]);
        var e = 0;
        for (var r = 0; r < n; r++)
        {
            var request = group[r];
            (streams[r], categories[r], expected[r], firsts[r]) = (request.Stream.Value, request.Stream.Category, request.Expected, e + 1);
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
        object[] values = [streams, categories, expected, firsts, lasts, ids, eventStreams, requests, versions, types, bodies, times, dotnet, correlations, causations, headers];
        for (var i = 0; i < values.Length; i++)
            parameters[i].Value = values[i];
    }
}
