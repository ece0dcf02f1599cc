using EventRtc.EventStore;

namespace EventRtc.Ops.Doctor.Checks;

/// <summary>The database has seen the migrations that this build brings, and no others.</summary>
internal static class SchemaCheck
{
    private const string About = "migrations";

    public static async Task Look(Report report, PostgresEventStore store, CancellationToken ct)
    {
        var applied = await store.AppliedMigrations(ct);
        Judge(report, applied, PostgresEventStore.KnownMigrations);
    }

    /// <summary>Pure.</summary>
    internal static void Judge(Report report, IReadOnlyList<string> applied, IReadOnlyList<string> known)
    {
        var (lacking, unknown) = (known.Except(applied).ToList(), applied.Except(known).ToList());
        if (applied.Count == 0)
            report.Fail(About, "the database has no table of ours", "Start a rooms service: it makes them. If there should be events, POSTGRES_DSN names another database than the services'.");
        else if (lacking.Count > 0)
            report.Fail(About, $"the database is older than this eventrtc: it lacks {string.Join(", ", lacking)}", "Restart the rooms services in the version of this eventrtc: each migrates when it starts. If they are older, use their eventrtc.");
        else if (unknown.Count > 0)
            report.Fail(About, $"the database is newer than this eventrtc: it has {string.Join(", ", unknown)}", "Use the eventrtc of the version that runs, and let no service of this older version start.");
        else
            report.Ok(About, $"all {known.Count}, up to {known[^1]}");
    }
}
