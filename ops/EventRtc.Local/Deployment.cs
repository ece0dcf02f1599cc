using EventRtc.Local.Servers;

namespace EventRtc.Local;

/// <summary>
/// The whole system on this machine: real servers and all services, each a child process with a folder of its own. <c>ops/up</c> and the tests start it.
/// </summary>
public sealed class Deployment : IAsyncDisposable
{
    /// <summary>Everything listens on loopback: whoever is there may do everything.</summary>
    internal const string AuthMode = "open";

    private readonly Leftovers leftovers;
    private readonly DeploymentPorts ports;

    private Deployment(string folder, DeploymentPorts ports)
    {
        Folder = Directory.CreateDirectory(folder).FullName;
        this.ports = ports;
        leftovers = new Leftovers(Folder);
        Secrets = Secrets.In(Folder);
        Postgres = new PostgresServer(PostgresServer.Reachable(In("postgres")), ports.Postgres);
        Redis = new RedisServer(In("redis"), ports.Redis);
        Etcd = new EtcdServer(In("etcd"), ports.Etcd, ports.EtcdPeer);
        Janus = new JanusServer(In("janus"), ports.Janus) { AdminSecret = Secrets.JanusAdmin, AdminKey = Secrets.JanusAdminKey };
        AuditKeyFile = Secrets.AuditKeyFile(Folder);
        Rooms = Service(
            "rooms", "services/Rooms/EventRtc.Rooms", ports.Rooms,
            ("POSTGRES_DSN", Postgres.ConnectionString), ("HLS_ADV_URL", $"http://localhost:{ports.Web}/hls/"), ("JWT_SECRET", Secrets.Jwt), ("AUDIT_KEY_FILE", AuditKeyFile), ("AUTH_MODE", AuthMode));
        Projector = Service(
            "projector", "projections/EventRtc.Projector", ports.Projector,
            ("POSTGRES_DSN", Postgres.ConnectionString), ("JWT_SECRET", Secrets.Jwt), ("AUTH_MODE", AuthMode));
        JanusWorker = Service(
            "janus-worker", "services/Janus/EventRtc.Janus", ports.JanusWorker,
            ("JANUS_ID", "janus-1"), ("JANUS_ADMIN_URL", $"{Janus.AdminUrl}"), ("JANUS_ADMIN_SECRET", Janus.AdminSecret), ("JANUS_ADMIN_KEY", Janus.AdminKey), ("JANUS_WS_URL", $"{Janus.WebSocketUrl}"));
        MixerWorker = Service(
            "mixer-worker", "services/Mixer/EventRtc.Mixer", ports.MixerWorker,
            ("MIXER_ID", "mixer-1"), ("MIXER_HLS_ADDR", $"127.0.0.1:{ports.MixerHls}"), ("MIXER_WORK_DIR", In("hls-segments")), ("HLS_KEY_SECRET", Secrets.HlsKey));
        Users = Service("users", "services/Users/EventRtc.Users", ports.Users, ("JWT_SECRET", Secrets.Jwt), ("AUTH_MODE", AuthMode));
        Gateways = [Gateway("gateway-1", ports.Gateway), Gateway("gateway-2", ports.SecondGateway)];
        Hls = Service("hls", "services/Hls/EventRtc.Hls", ports.HlsToken, ("HLS_MEDIA_ADDR", $"127.0.0.1:{ports.HlsMedia}"), ("JWT_SECRET", Secrets.Jwt), ("HLS_KEY_SECRET", Secrets.HlsKey));
        Nginx = new NginxServer(In("nginx"), ports.Web, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["web"] = Checkout.Web,
            ["rooms"] = Rooms.Address,
            ["users"] = Users.Address,
            ["gateway1"] = Gateways[0].Address,
            ["gateway2"] = Gateways[1].Address,
            ["hlsToken"] = Hls.Address,
            ["hlsMedia"] = $"127.0.0.1:{ports.HlsMedia}",
        });
    }

    /// <summary>Where all data, logs and secrets lie.</summary>
    public string Folder { get; }

    public Secrets Secrets { get; }

    /// <summary>What exports of the log are signed with, in PEM.</summary>
    public string AuditKeyFile { get; }

    public PostgresServer Postgres { get; }

    public RedisServer Redis { get; }

    public EtcdServer Etcd { get; }

    public JanusServer Janus { get; }

    public NginxServer Nginx { get; }

    public ServiceProcess Rooms { get; }

    public ServiceProcess Projector { get; }

    public ServiceProcess JanusWorker { get; }

    public ServiceProcess MixerWorker { get; }

    public ServiceProcess Users { get; }

    /// <summary>Two, so that anchors stay on air when one goes away.</summary>
    public IReadOnlyList<ServiceProcess> Gateways { get; }

    public ServiceProcess Hls { get; }

    /// <summary>The one origin for browsers: pages, REST, WebSocket and media.</summary>
    public Uri Web => new($"http://localhost:{ports.Web}");

    /// <summary>Servers first, then what needs them.</summary>
    public IReadOnlyList<IReadOnlyList<Server>> Stages => [[Postgres, Redis, Etcd, Janus], [Projector, Rooms, Users, .. Gateways, Hls, JanusWorker, MixerWorker], [Nginx]];

    /// <summary>Starts everything, or a part of it, and waits until all of that is ready.</summary>
    /// <param name="started">Told of each server as it becomes ready.</param>
    /// <param name="part">Chooses what is started; null for everything.</param>
    /// <exception cref="ServerStartException">One of them could not start; all are stopped again.</exception>
    public static async Task<Deployment> Start(
        string folder, DeploymentPorts ports, Action<Server>? started = null, Func<Deployment, IReadOnlyCollection<Server>>? part = null, CancellationToken ct = default)
    {
        var deployment = new Deployment(folder, ports);
        try
        {
            await deployment.leftovers.Sweep();
            var chosen = part?.Invoke(deployment);
            foreach (var stage in deployment.Stages)
                await Task.WhenAll(stage.Where(server => chosen?.Contains(server) ?? true).Select(server => deployment.Start(server, started, ct)));
            return deployment;
        }
        catch
        {
            await deployment.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops everything in order: first what faces users, last what holds data.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var stage in Stages.Reverse())
            await Task.WhenAll(stage.Select(server => server.Stop()));
        foreach (var server in Stages.SelectMany(stage => stage))
            await server.DisposeAsync();
        await leftovers.Sweep();
    }

    private async Task Start(Server server, Action<Server>? started, CancellationToken ct)
    {
        await server.Start(ct);
        leftovers.Record(server.ProcessId!.Value);
        started?.Invoke(server);
    }

    private ServiceProcess Gateway(string id, int port) => Service(
        id, "services/Gateway/EventRtc.Gateway", port, ("JWT_SECRET", Secrets.Jwt), ("JANUS_TOKEN_KEY", Secrets.JanusToken), ("GATEWAY_ID", id));

    private ServiceProcess Service(string name, string project, int port, params (string Name, string Value)[] variables) => new(
        name, In(name), project, port,
        new Dictionary<string, string?>(variables.Select(v => KeyValuePair.Create(v.Name, (string?)v.Value)), StringComparer.Ordinal)
        {
            ["ETCD_ENDPOINTS"] = Etcd.Address,
            ["REDIS_ADDR"] = Redis.Address,
        });

    private string In(string name) => Path.Combine(Folder, name);
}
