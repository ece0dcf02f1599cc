using EventRtc.Etcd;
using EventRtc.Hosting.Processes;
using EventRtc.Local;
using EventRtc.Local.Servers;

namespace EventRtc.Platform.Tests.Etcd;

/// <summary>Three real members of one cluster, which goes on while any one of them is gone.</summary>
internal sealed class EtcdCluster : IAsyncDisposable
{
    private readonly TestFolder folder = new();

    private EtcdCluster()
    {
        var peers = Enumerable.Range(0, 3).Select(i => (Name: $"m{i}", Url: $"http://127.0.0.1:{FreePort.Any()}")).ToArray();
        var all = string.Join(',', peers.Select(peer => $"{peer.Name}={peer.Url}"));
        Members = [.. peers.Select(peer => new Member(Path.Combine(folder.Path, peer.Name), peer.Name, peer.Url, all))];
    }

    public IReadOnlyList<Server> Members { get; }

    public static async Task<EtcdCluster> Start()
    {
        var cluster = new EtcdCluster();
        await Task.WhenAll(cluster.Members.Select(member => member.Start()));
        return cluster;
    }

    /// <summary>A client that knows all members and begins with the first.</summary>
    public EtcdClient Connect(TimeSpan callTimeout) => EtcdFixture.Connect(new EtcdOptions { Endpoints = [.. Members.Select(member => member.Address)], CallTimeout = callTimeout });

    public async ValueTask DisposeAsync()
    {
        foreach (var member in Members)
            await member.DisposeAsync();
        folder.Dispose();
    }

    private sealed class Member(string folder, string name, string peerUrl, string all) : Server(name, folder)
    {
        private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(1) };

        public override string Address { get; } = $"127.0.0.1:{FreePort.Any()}";

        protected override ProcessSpec Describe() => new(
            "etcd", "--name", Name, "--data-dir", Path.Combine(Folder, "data"), "--log-level", "warn",
            "--listen-client-urls", $"http://{Address}", "--advertise-client-urls", $"http://{Address}",
            "--listen-peer-urls", peerUrl, "--initial-advertise-peer-urls", peerUrl, "--initial-cluster", all);

        protected override async Task<bool> IsReady(CancellationToken ct) =>
            (await Http.GetStringAsync(new Uri($"http://{Address}/health"), ct)).Contains("\"true\"", StringComparison.Ordinal);
    }
}
