using EventRtc.Local.Servers;

namespace EventRtc.Local;

/// <summary>
/// The whole system on this machine: real servers and all services, each a child process with a folder of its own. <c>ops/up</c> and the tests start it.
/// </summary>
public sealed class Deployment : IAsyncDisposable
{
    /// <summary>Everything listens on loopback: whoever is there may do everything.</summary>
    internal const string AuthMode = "open";

    /// <summary>Everything stops together: nobody could take over what a worker holds.</summary>
    private const string NoDraining = "0s";

    private readonly Leftovers leftovers;
    private readonly DeploymentPorts ports;
    private readonly IReadOnlyDictionary<string, string> settings;

    private Deployment(string folder, DeploymentPorts ports, bool redundant, IReadOnlyDictionary<string, string> settings)
    {
        Folder = Directory.CreateDirectory(folder).FullName;
        this.ports = ports;
        this.settings = settings;
        leftovers = new Leftovers(Folder);
        Secrets = Secrets.In(Folder);
        Postgres = new PostgresServer(PostgresServer.Reachable(In("postgres")), ports.Postgres);
        Redis = new RedisServer(In("redis"), ports.Redis);
        Etcd = new EtcdServer(In("etcd"), ports.Etcd, ports.EtcdPeer);
        Januses = [NewJanus("janus", ports.Janus), .. redundant ? [NewJanus("janus-2", JanusPorts.Free())] : Array.Empty<JanusServer>()];
        AuditKeyFile = Secrets.AuditKeyFile(Folder);
        RoomsServices = [NewRooms("rooms", ports.Rooms), .. redundant ? [NewRooms("rooms-2", FreePort.Any())] : Array.Empty<ServiceProcess>()];
        Projectors = [NewProjector("projector", ports.Projector), .. redundant ? [NewProjector("projector-2", FreePort.Any())] : Array.Empty<ServiceProcess>()];
        JanusWorkers = [.. Januses.Select((janus, i) => NewJanusWorker(janus, i + 1, i == 0 ? ports.JanusWorker : FreePort.Any()))];
        MixerWorkers = [NewMixer("mixer-worker", 1, ports.MixerWorker, ports.MixerHls), .. redundant ? [NewMixer("mixer-worker-2", 2, FreePort.Any(), FreePort.Any())] : Array.Empty<ServiceProcess>()];
        Users = Service("users", "services/Users/EventRtc.Users", ports.Users, ("JWT_SECRET", Secrets.Jwt), ("AUTH_MODE", AuthMode));
        Gateways = [Gateway("gateway-1", ports.Gateway), Gateway("gateway-2", ports.SecondGateway)];
        Hls = Service("hls", "services/Hls/EventRtc.Hls", ports.HlsToken, ("HLS_MEDIA_ADDR", $"127.0.0.1:{ports.HlsMedia}"), ("JWT_SECRET", Secrets.Jwt), ("HLS_KEY_SECRET", Secrets.HlsKey));
        Nginx = new NginxServer(In("nginx"), ports.Web, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["web"] = Checkout.Web,
            ["rooms"] = NginxServer.Upstream(RoomsServices),
            ["users"] = Users.Address,
            ["gateways"] = NginxServer.Upstream(Gateways),
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

    public JanusServer Janus => Januses[0];

    /// <summary>One, or two in a redundant deployment; so with the four others that follow.</summary>
    public IReadOnlyList<JanusServer> Januses { get; }

    public NginxServer Nginx { get; }

    public ServiceProcess Rooms => RoomsServices[0];

    public IReadOnlyList<ServiceProcess> RoomsServices { get; }

    public ServiceProcess Projector => Projectors[0];

    public IReadOnlyList<ServiceProcess> Projectors { get; }

    public ServiceProcess JanusWorker => JanusWorkers[0];

    /// <summary>In the order of <see cref="Januses"/>: the modules janus-1, janus-2.</summary>
    public IReadOnlyList<ServiceProcess> JanusWorkers { get; }

    public ServiceProcess MixerWorker => MixerWorkers[0];

    /// <summary>The modules mixer-1, mixer-2.</summary>
    public IReadOnlyList<ServiceProcess> MixerWorkers { get; }

    public ServiceProcess Users { get; }

    /// <summary>Two, so that anchors stay on air when one goes away.</summary>
    public IReadOnlyList<ServiceProcess> Gateways { get; }

    public ServiceProcess Hls { get; }

    /// <summary>The one origin for browsers: pages, REST, WebSocket and media.</summary>
    public Uri Web => new($"http://localhost:{ports.Web}");

    /// <summary>Servers first, then what needs them.</summary>
    public IReadOnlyList<IReadOnlyList<Server>> Stages => [[Postgres, Redis, Etcd, .. Januses], [.. Projectors, .. RoomsServices, Users, .. Gateways, Hls, .. JanusWorkers, .. MixerWorkers], [Nginx]];

    /// <summary>Starts everything, or a part of it, and waits until all of that is ready.</summary>
    /// <param name="started">Told of each server as it becomes ready.</param>
    /// <param name="part">Chooses what is started; null for everything.</param>
    /// <param name="redundant">Two of everything that any number may run of, so that each may fail.</param>
    /// <param name="settings">Variables that every service gets; null for none.</param>
    /// <exception cref="ServerStartException">One of them could not start; all are stopped again.</exception>
    public static async Task<Deployment> Start(
        string folder, DeploymentPorts ports, Action<Server>? started = null, Func<Deployment, IReadOnlyCollection<Server>>? part = null, bool redundant = false, IReadOnlyDictionary<string, string>? settings = null, CancellationToken ct = default)
    {
        var deployment = new Deployment(folder, ports, redundant, settings ?? new Dictionary<string, string>(StringComparer.Ordinal));
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

    private JanusServer NewJanus(string name, JanusPorts at) => new(In(name), at, name) { AdminSecret = Secrets.JanusAdmin, AdminKey = Secrets.JanusAdminKey };

    private ServiceProcess NewRooms(string name, int port) => Service(
        name, "services/Rooms/EventRtc.Rooms", port,
        ("POSTGRES_DSN", Postgres.ConnectionString), ("HLS_ADV_URL", $"http://localhost:{ports.Web}/hls/"), ("JWT_SECRET", Secrets.Jwt), ("AUDIT_KEY_FILE", AuditKeyFile), ("AUTH_MODE", AuthMode));

    private ServiceProcess NewProjector(string name, int port) => Service(
        name, "projections/EventRtc.Projector", port, ("POSTGRES_DSN", Postgres.ConnectionString), ("JWT_SECRET", Secrets.Jwt), ("AUTH_MODE", AuthMode));

    private ServiceProcess NewJanusWorker(JanusServer janus, int number, int port) => Service(
        number == 1 ? "janus-worker" : $"janus-worker-{number}", "services/Janus/EventRtc.Janus", port,
        ("JANUS_ID", $"janus-{number}"), ("JANUS_ADMIN_URL", $"{janus.AdminUrl}"), ("JANUS_ADMIN_SECRET", janus.AdminSecret), ("JANUS_ADMIN_KEY", janus.AdminKey),
        ("JANUS_WS_URL", $"{janus.WebSocketUrl}"), ("JANUS_DRAIN_TIMEOUT", NoDraining));

    private ServiceProcess NewMixer(string name, int number, int port, int hlsPort) => Service(
        name, "services/Mixer/EventRtc.Mixer", port,
        ("MIXER_ID", $"mixer-{number}"), ("MIXER_HLS_ADDR", $"127.0.0.1:{hlsPort}"), ("MIXER_WORK_DIR", In("hls-segments")), ("HLS_KEY_SECRET", Secrets.HlsKey),
        ("MIXER_DRAIN_TIMEOUT", NoDraining));

    private ServiceProcess Gateway(string id, int port) => Service(
        id, "services/Gateway/EventRtc.Gateway", port, ("JWT_SECRET", Secrets.Jwt), ("JANUS_TOKEN_KEY", Secrets.JanusToken), ("GATEWAY_ID", id));

    private ServiceProcess Service(string name, string project, int port, params (string Name, string Value)[] variables) => new(
        name, In(name), project, port,
        new Dictionary<string, string?>([.. settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value)), .. variables.Select(v => KeyValuePair.Create(v.Name, (string?)v.Value))], StringComparer.Ordinal)
        {
            ["ETCD_ENDPOINTS"] = Etcd.Address,
            ["REDIS_ADDR"] = Redis.Address,
        });

    private string In(string name) => Path.Combine(Folder, name);
}
