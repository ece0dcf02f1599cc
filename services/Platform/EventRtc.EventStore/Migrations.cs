using System.Reflection;
using Npgsql;

namespace EventRtc.EventStore;

/// <summary>
/// Applies the numbered files of Sql/ that a database has not seen, all in one transaction: a process that dies half way leaves nothing behind.
/// A file never changes once it was released; what changes later is a new file.
/// </summary>
internal static class Migrations
{
    private const long Lock = 8246783905;  // beside the one of rtc_append

    public static async Task Apply(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await Execute($"select pg_advisory_xact_lock({Lock})");
        await Execute("create table if not exists rtc_migrations (name varchar primary key, applied_at timestamptz not null default now())");
        var applied = await Applied();
        foreach (var (name, sql) in Files().Where(file => !applied.Contains(file.Name)))
        {
            await Execute(sql);
            await Execute("insert into rtc_migrations (name) values ($1)", name);
        }
        await transaction.CommitAsync(ct);

        async Task Execute(string sql, params string[] arguments)
        {
            await using var command = new NpgsqlCommand(sql, connection, transaction);
            foreach (var argument in arguments)
                command.Parameters.Add(new NpgsqlParameter { Value = argument });
            await command.ExecuteNonQueryAsync(ct);
        }

        async Task<HashSet<string>> Applied()
        {
            await using var query = new NpgsqlCommand("select name from rtc_migrations", connection, transaction);
            await using var rows = await query.ExecuteReaderAsync(ct);
            var names = new HashSet<string>(StringComparer.Ordinal);
            while (await rows.ReadAsync(ct))
                names.Add(rows.GetString(0));
            return names;
        }
    }

    /// <summary>What this build knows, in the order of the numbers.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Files().Select(file => file.Name)];

    /// <summary>The embedded files in the order of their numbers.</summary>
    private static IEnumerable<(string Name, string Sql)> Files()
    {
        var assembly = typeof(Migrations).Assembly;
        const string folder = "EventRtc.EventStore.Sql.";
        return assembly.GetManifestResourceNames()
            .Where(resource => resource.StartsWith(folder, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(resource => (resource[folder.Length..^".sql".Length], Text(assembly, resource)));
    }

    private static string Text(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }
}
