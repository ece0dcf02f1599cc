using Npgsql;
using NpgsqlTypes;

namespace EventRtc.EventStore;

/// <summary>Events as they are read row by row.</summary>
internal static class EventRows
{
    private const string Columns = "seq_id, stream_id, version, id, type, data, timestamp, headers";

    /// <summary>One stream's events ($1) behind a version ($2), at most so many ($3), and whether they were skipped.</summary>
    public const string OfStream =
        $"select {Columns}, exists (select from rtc_parked p where p.position = seq_id and p.skipped_at is not null) from mt_events where stream_id = $1 and version > $2 order by version limit $3";

    /// <summary>All events behind a position ($1), at most so many ($2).</summary>
    public const string Behind = $"select {Columns} from mt_events where seq_id > $1 order by seq_id limit $2";

    /// <summary>The statement <see cref="Behind"/>, to be prepared with its first use.</summary>
    public static NpgsqlCommand CommandBehind(NpgsqlConnection connection) => new(Behind, connection)
    {
        Parameters = { new() { NpgsqlDbType = NpgsqlDbType.Bigint }, new() { NpgsqlDbType = NpgsqlDbType.Integer } },
    };

    public static IReadOnlyList<RecordedEvent> Read(NpgsqlCommand behind, Position after, int limit)
    {
        (behind.Parameters[0].Value, behind.Parameters[1].Value) = (after.Value, limit);
        behind.Prepare();
        using var rows = behind.ExecuteReader();
        var events = new List<RecordedEvent>();
        while (rows.Read())
            events.Add(ToEvent(rows));
        return events;
    }

    public static RecordedEvent ToEvent(NpgsqlDataReader row)
    {
        var (headers, proof) = HeadersJson.Read(row.IsDBNull(7) ? null : row.GetFieldValue<byte[]>(7));
        return new RecordedEvent(
            new Position(row.GetInt64(0)), StreamId.Stored(row.IsDBNull(1) ? "" : row.GetString(1)), row.GetInt64(2), row.GetGuid(3), row.GetString(4), row.GetString(5),
            row.GetFieldValue<DateTimeOffset>(6), headers, proof)
        {
            Skipped = row.FieldCount > 8 && row.GetBoolean(8),
        };
    }
}
