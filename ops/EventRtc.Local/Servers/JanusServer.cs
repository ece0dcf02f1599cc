using System.Globalization;
using EventRtc.Hosting.Processes;

namespace EventRtc.Local.Servers;

/// <summary>Janus with the AudioBridge alone: its own conf folder, ports, and a range of UDP ports for media.</summary>
public sealed class JanusServer(string folder, JanusPorts ports, string name = "janus") : Server(name, folder)
{
    private const string Libraries = "/usr/lib/x86_64-linux-gnu/janus";
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(1) };

    /// <summary>What the admin API asks of each request. Janus listens on loopback only.</summary>
    public string AdminSecret { get; init; } = "local-admin-secret";

    /// <summary>What creating, listing and forwarding a room asks for.</summary>
    public string AdminKey { get; init; } = "local-audiobridge-key";

    public JanusPorts Ports { get; } = ports;

    public override string Address => $"127.0.0.1:{Ports.Admin}";

    /// <summary>The admin API.</summary>
    public Uri AdminUrl => new($"http://127.0.0.1:{Ports.Admin}/admin");

    /// <summary>The client API over WebSocket (subprotocol janus-protocol).</summary>
    public Uri WebSocketUrl => new($"ws://127.0.0.1:{Ports.WebSocket}");

    public static async Task<JanusServer> Start(string folder, JanusPorts? ports = null, CancellationToken ct = default)
    {
        var server = new JanusServer(folder, ports ?? JanusPorts.Free());
        await server.Start(ct);
        return server;
    }

    protected override ProcessSpec Describe() => new("janus", "-F", Folder, "-o") { WorkingDirectory = Folder };

    protected override Task Prepare(CancellationToken ct)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["folder"] = Folder,
            ["name"] = Name,
            ["adminSecret"] = AdminSecret,
            ["adminKey"] = AdminKey,
            ["httpPort"] = Text(Ports.Http),
            ["adminPort"] = Text(Ports.Admin),
            ["wsPort"] = Text(Ports.WebSocket),
            ["address"] = "127.0.0.1",
            ["nat"] = "",
            ["rtpFirst"] = Text(Ports.FirstMedia),
            ["rtpLast"] = Text(Ports.FirstMedia + JanusPorts.MediaCount - 1),
        };
        foreach (var file in (string[])["janus.jcfg", "janus.transport.http.jcfg", "janus.transport.websockets.jcfg", "janus.plugin.audiobridge.jcfg"])
            Template.Write($"janus/{file}", Path.Combine(Folder, file), values);
        Link("plugins", "libjanus_audiobridge.so");
        Link("transports", "libjanus_http.so", "libjanus_websockets.so");
        Directory.CreateDirectory(Path.Combine(Folder, "events"));
        return Task.CompletedTask;
    }

    /// <summary>Janus starts without a transport whose port is taken, so its own list is asked too.</summary>
    protected override async Task<bool> IsReady(CancellationToken ct)
    {
        var info = await Http.GetStringAsync(new Uri($"http://127.0.0.1:{Ports.Http}/janus/info"), ct);
        return info.Contains("janus.transport.websockets", StringComparison.Ordinal) && info.Contains("janus.plugin.audiobridge", StringComparison.Ordinal);
    }

    private void Link(string kind, params string[] libraries)
    {
        var target = Directory.CreateDirectory(Path.Combine(Folder, kind)).FullName;
        foreach (var library in libraries.Where(l => !File.Exists(Path.Combine(target, l))))
            File.CreateSymbolicLink(Path.Combine(target, library), Path.Combine(Libraries, kind, library));
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Where one Janus listens.</summary>
/// <param name="FirstMedia">First of <see cref="MediaCount"/> UDP ports for WebRTC media.</param>
public sealed record JanusPorts(int Http, int Admin, int WebSocket, int FirstMedia)
{
    /// <summary>One port per anchor (BUNDLE and RTCP multiplexing).</summary>
    public const int MediaCount = 200;

    public static JanusPorts Free() => new(FreePort.Any(), FreePort.Any(), FreePort.Any(), FreePort.UdpRange(MediaCount));

    public static JanusPorts Preferred() =>
        new(FreePort.Prefer(8088), FreePort.Prefer(7088), FreePort.Prefer(8188), FreePort.UdpRange(MediaCount));
}
