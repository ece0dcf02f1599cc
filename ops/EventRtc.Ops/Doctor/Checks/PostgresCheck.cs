using EventRtc.EventStore;

namespace EventRtc.Ops.Doctor.Checks;

/// <summary>PostgreSQL answers, is new enough, takes writes, keeps what it acknowledges, and has connections left.</summary>
internal static class PostgresCheck
{
    /// <summary>Free ones below which a restart of services or a look with psql may find none.</summary>
    private const int FewConnections = 10;

    /// <summary>Beside the pool: two that append, and one that listens.</summary>
    private const int OutsideThePool = 3;

    /// <param name="processes">Rooms services and projectors together: each has a pool of its own.</param>
    public static async Task Look(Report report, PostgresEventStore store, EventStoreOptions options, int processes, CancellationToken ct)
    {
        ServerInspection server;
        try
        {
            server = await store.Inspect(ct);
        }
        catch (EventStoreUnavailableException fault)
        {
            report.Fail("answer", fault.Message, "Is it running, and may this machine and user connect? POSTGRES_DSN says where it is expected. Rooms on air go on meanwhile; no command is accepted.");
            return;
        }
        report.Ok("answer", options.Server);
        var number = new Version(server.VersionNumber / 10_000, server.VersionNumber % 10_000);
        report.Demand(number >= Minimums.Postgres, "version", server.Version, $"Update it: {Minimums.Postgres.Major} is the oldest that EventRtc is tested with.");
        report.Demand(!server.IsStandby, "role", server.IsStandby ? "follows another server and takes no writes" : "takes writes", "POSTGRES_DSN must name the primary server.");
        if (!server.Fsync)
            report.Warn("fsync", "is off: a crash of that machine loses events that were acknowledged", "Set fsync = on.");
        Connections(report, server, processes * (options.MaxConnections + OutsideThePool));
    }

    private static void Connections(Report report, ServerInspection server, int wanted)
    {
        var most = server.MaxConnections - server.ReservedConnections;
        var seen = $"{server.Connections} of {most} are in use";
        if (most - server.Connections < FewConnections)
            report.Warn("connections", seen, "Raise max_connections, or find who holds them: select application_name, count(*) from pg_stat_activity group by 1. Too few make services wait for each other.");
        else if (most < wanted)
            report.Warn("connections", $"{seen}, and the services known here may want {wanted}", "Raise max_connections, or lower POSTGRES_MAX_CONNECTIONS of the rooms services and projectors.");
        else
            report.Ok("connections", seen);
    }
}
