namespace EventRtc.Local.Up;

/// <summary>Where a running deployment is, as variables that a shell sources: <c>ops/eventrtc</c> finds it so.</summary>
internal static class VariablesFile
{
    public static void Write(Deployment at)
    {
        using var writer = new StreamWriter(Secrets.OwnFile(Path.Combine(at.Folder, "eventrtc.env")));
        foreach (var (name, value) in Variables(at))
            writer.WriteLine($"{name}={Quoted(value)}");
    }

    private static IEnumerable<(string Name, string Value)> Variables(Deployment at) =>
    [
        ("POSTGRES_DSN", at.Postgres.ConnectionString),
        ("REDIS_ADDR", at.Redis.Address),
        ("ETCD_ENDPOINTS", at.Etcd.Address),
        ("ROOMS_URL", at.Rooms.Url.ToString()),
        ("JWT_SECRET", at.Secrets.Jwt),
        ("AUDIT_KEY_FILE", at.AuditKeyFile),
        ("AUTH_MODE", Deployment.AuthMode),
    ];

    /// <summary>A connection string has semicolons, which would end the word.</summary>
    private static string Quoted(string value) => $"'{value.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
