using Npgsql;

namespace EventRtc.EventStore;

/// <summary>What PostgreSQL says of itself, for operators.</summary>
/// <param name="Version">In its own words: <c>15.14 (Debian 15.14-0+deb12u1)</c>.</param>
/// <param name="VersionNumber">Major version times 10,000 and minor version: 150014.</param>
/// <param name="IsStandby">It follows another server and takes no writes.</param>
/// <param name="Fsync">What was acknowledged is on its disk.</param>
/// <param name="MaxConnections">All together, those included that only superusers get.</param>
/// <param name="ReservedConnections">Only superusers get these.</param>
/// <param name="Connections">Clients now, this one included.</param>
/// <param name="DatabaseSize">Of our database, in bytes.</param>
/// <param name="DataFolder">Where its data lies; null unless it runs on this machine and tells.</param>
public sealed record ServerInspection(
    string Version, int VersionNumber, bool IsStandby, bool Fsync, int MaxConnections, int ReservedConnections, int Connections, long DatabaseSize, string? DataFolder);

public sealed partial class PostgresEventStore
{
    private const string ServerQuery =
        """
        select current_setting('server_version'), current_setting('server_version_num')::int, pg_is_in_recovery(), current_setting('fsync')::bool,
               current_setting('max_connections')::int, current_setting('superuser_reserved_connections')::int,
               (select count(*)::int from pg_stat_activity where backend_type = 'client backend'), pg_database_size(current_database()),
               (select setting from pg_settings where name = 'data_directory'
                 and (inet_server_addr() is null or inet_server_addr() << '127.0.0.0/8' or inet_server_addr() = '::1'))
        """;

    /// <summary>The migrations that this build brings, in their order.</summary>
    public static IReadOnlyList<string> KnownMigrations => Migrations.Names;

    /// <summary>A look at the server; needs no table of ours.</summary>
    public Task<ServerInspection> Inspect(CancellationToken ct = default) => source.Use(async (connection, token) =>
    {
        await using var query = new NpgsqlCommand(ServerQuery, connection);
        await using var row = await query.ExecuteReaderAsync(token);
        await row.ReadAsync(token);
        return new ServerInspection(
            row.GetString(0), row.GetInt32(1), row.GetBoolean(2), row.GetBoolean(3), row.GetInt32(4), row.GetInt32(5), row.GetInt32(6), row.GetInt64(7),
            row.IsDBNull(8) ? null : row.GetString(8));
    }, ct);

    /// <summary>The migrations that the database has seen, in their order; none where there is no table of ours.</summary>
    public Task<IReadOnlyList<string>> AppliedMigrations(CancellationToken ct = default) => source.Use<IReadOnlyList<string>>(async (connection, token) =>
    {
        await using var look = new NpgsqlCommand("select to_regclass('rtc_migrations') is not null", connection);
        if (await look.ExecuteScalarAsync(token) is not true)
            return [];
        await using var query = new NpgsqlCommand("select name from rtc_migrations order by name", connection);
        await using var rows = await query.ExecuteReaderAsync(token);
        var names = new List<string>();
        while (await rows.ReadAsync(token))
            names.Add(rows.GetString(0));
        return names;
    }, ct);

    /// <summary>What time it is for the server.</summary>
    public Task<DateTimeOffset> Clock(CancellationToken ct = default) => source.Use(async (connection, token) =>
    {
        await using var query = new NpgsqlCommand("select clock_timestamp()", connection);
        await using var row = await query.ExecuteReaderAsync(token);
        await row.ReadAsync(token);
        return row.GetFieldValue<DateTimeOffset>(0);
    }, ct);
}
