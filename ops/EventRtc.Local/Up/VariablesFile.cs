namespace EventRtc.Local.Up;

/// <summary>Where a running deployment is, as variables that a shell sources: <c>ops/eventrtc</c> finds it so.</summary>
public static class VariablesFile
{
    internal static void Write(Deployment at)
    {
        using var writer = new StreamWriter(Secrets.OwnFile(Path.Combine(at.Folder, "eventrtc.env")));
        foreach (var (name, value) in Variables(at))
            writer.WriteLine($"{name}={Quoted(value)}");
    }

    /// <summary>What <c>eventrtc</c> finds a deployment by.</summary>
    public static IReadOnlyList<(string Name, string Value)> Variables(Deployment at) =>
    [
        ("POSTGRES_DSN", at.Postgres.ConnectionString),
        ("REDIS_ADDR", at.Redis.Address),
        ("ETCD_ENDPOINTS", at.Etcd.Address),
        ("ROOMS_URL", at.Rooms.Url.ToString()),
        ("JWT_SECRET", at.Secrets.Jwt),
        ("AUDIT_KEY_FILE", at.AuditKeyFile),
        ("AUTH_MODE", Deployment.AuthMode),
        ("DOCTOR_ROOMS_URLS", Urls(at.RoomsServices)),
        ("DOCTOR_USERS_URLS", Urls([at.Users])),
        ("DOCTOR_GATEWAY_URLS", Urls(at.Gateways)),
        ("DOCTOR_HLS_URLS", Urls([at.Hls])),
        ("DOCTOR_PROJECTOR_URLS", Urls(at.Projectors)),
        ("DOCTOR_JANUS_WORKER_URLS", Urls(at.JanusWorkers)),
        ("DOCTOR_MIXER_WORKER_URLS", Urls(at.MixerWorkers)),
        ("DOCTOR_WEB_URL", at.Web.ToString()),
    ];

    private static string Urls(IEnumerable<Servers.ServiceProcess> services) => string.Join(',', services.Select(service => service.Url.AbsoluteUri));

    /// <summary>A connection string has semicolons, which would end the word.</summary>
    private static string Quoted(string value) => $"'{value.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
