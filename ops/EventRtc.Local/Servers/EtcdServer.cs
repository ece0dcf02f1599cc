using EventRtc.Hosting.Processes;

namespace EventRtc.Local.Servers;

/// <summary>A single etcd with auto-compaction and a quota: without them a long run stops at 2 GB.</summary>
public sealed class EtcdServer(string folder, int port, int peerPort) : Server("etcd", folder)
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(1) };

    public int Port { get; } = port;

    public override string Address => $"127.0.0.1:{Port}";

    public static async Task<EtcdServer> Start(string folder, int? port = null, CancellationToken ct = default)
    {
        var server = new EtcdServer(folder, port ?? FreePort.Any(), FreePort.Any());
        await server.Start(ct);
        return server;
    }

    protected override ProcessSpec Describe() => new(
        "etcd", "--name", "local", "--data-dir", Path.Combine(Folder, "data"),
        "--listen-client-urls", $"http://{Address}", "--advertise-client-urls", $"http://{Address}",
        "--listen-peer-urls", $"http://127.0.0.1:{peerPort}", "--initial-advertise-peer-urls", $"http://127.0.0.1:{peerPort}",
        "--initial-cluster", $"local=http://127.0.0.1:{peerPort}",
        "--auto-compaction-mode", "periodic", "--auto-compaction-retention", "1h", "--quota-backend-bytes", "8589934592", "--log-level", "warn");

    protected override async Task<bool> IsReady(CancellationToken ct) =>
        (await Http.GetStringAsync(new Uri($"http://{Address}/health"), ct)).Contains("\"true\"", StringComparison.Ordinal);
}
