using Npgsql;
using NpgsqlTypes;

namespace EventRtc.Benchmarks;

/// <summary>
/// What PostgreSQL gives to a program without a group commit, an expected version or a stream to keep: each caller on a connection of its own inserts one event by a prepared
/// statement and commits. As a transaction that takes two round trips (BEGIN rides with the INSERT); as a single statement that commits by itself, one.
/// </summary>
internal sealed class AppendFloor : IAsyncDisposable
{
    private readonly List<(NpgsqlConnection Connection, NpgsqlCommand Insert)> callers = [];
    private readonly long[] versions;

    private AppendFloor(int callers) => versions = new long[callers];

    public static async Task<AppendFloor> Open(string database, int callers)
    {
        var floor = new AppendFloor(callers);
        for (var i = 0; i < callers; i++)
        {
            var connection = new NpgsqlConnection($"{database};Pooling=false");
            await connection.OpenAsync();
            await using (var stream = new NpgsqlCommand($"insert into mt_streams (id, type, version) values ('floor-{i}', 'floor', 0)", connection))
                await stream.ExecuteNonQueryAsync();
            var insert = new NpgsqlCommand(
                "insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type, correlation_id, causation_id, headers) values (nextval('mt_events_sequence'), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                connection);
            foreach (var type in (NpgsqlDbType[])[NpgsqlDbType.Uuid, NpgsqlDbType.Varchar, NpgsqlDbType.Bigint, NpgsqlDbType.Jsonb, NpgsqlDbType.Varchar, NpgsqlDbType.TimestampTz, NpgsqlDbType.Varchar, NpgsqlDbType.Varchar, NpgsqlDbType.Varchar, NpgsqlDbType.Jsonb])
                insert.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = type });
            await insert.PrepareAsync();
            floor.callers.Add((connection, insert));
        }
        return floor;
    }

    /// <summary>INSERT, then COMMIT.</summary>
    public async Task InTransaction(int caller)
    {
        await using var transaction = await callers[caller].Connection.BeginTransactionAsync();
        await Autocommit(caller);
        await transaction.CommitAsync();
    }

    /// <summary>INSERT alone.</summary>
    public Task Autocommit(int caller)
    {
        var insert = callers[caller].Insert;
        object[] values =
        [
            Guid.NewGuid(), $"floor-{caller}", ++versions[caller], AppendBench.Body, "mixer_port_allocated", TimeProvider.System.GetUtcNow().UtcDateTime,
            AppendBench.DotNetType, "errand-1", "0f8fad5b-d9cb-469f-a165-70867728950e", AppendBench.HeaderSet,
        ];
        for (var i = 0; i < values.Length; i++)
            insert.Parameters[i].Value = values[i];
        return insert.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (connection, insert) in callers)
        {
            await insert.DisposeAsync();
            await connection.DisposeAsync();
        }
    }
}
