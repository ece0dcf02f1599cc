using EventRtc.Hosting.Processes;

namespace EventRtc.Local.Servers;

/// <summary>nginx as the one origin for browsers.</summary>
/// <param name="values">Where the services listen and the web app's files lie, by the names in ops/nginx/eventrtc.conf.</param>
public sealed class NginxServer(string folder, int port, IReadOnlyDictionary<string, string> values) : Server("nginx", folder)
{
    private const string MimeTypes = "/etc/nginx/mime.types";

    /// <summary>Debian keeps it out of the PATH of users other than root.</summary>
    private const string Program = "/usr/sbin/nginx";
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(1) };

    public int Port { get; } = port;

    public override string Address => $"127.0.0.1:{Port}";

    private string Configuration => Path.Combine(Folder, "nginx.conf");

    /// <summary>
    /// The servers of an upstream. None is left alone after a failure: to be refused costs nothing here, and a gateway that had been back for 14 s was still left alone when the other
    /// one was killed, so that for 3 s there was none.
    /// </summary>
    public static string Upstream(IEnumerable<Server> services) => string.Join("\n        ", services.Select(service => $"server {service.Address} max_fails=0;"));

    protected override ProcessSpec Describe() => new(File.Exists(Program) ? Program : "nginx", "-p", Folder, "-c", Configuration);

    protected override Task Prepare(CancellationToken ct)
    {
        Directory.CreateDirectory(Path.Combine(Folder, "tmp"));
        var all = new Dictionary<string, string>(values, StringComparer.Ordinal)
        {
            ["folder"] = Folder,
            ["user"] = Environment.UserName,
            ["listen"] = Address,
            ["mimeTypes"] = MimeTypes,
        };
        Template.Write("nginx/eventrtc.conf", Configuration, all);
        foreach (var included in (string[])["http.conf", "routes.conf"])
            Template.Write($"nginx/{included}", Path.Combine(Folder, included), all);
        return Task.CompletedTask;
    }

    protected override async Task<bool> IsReady(CancellationToken ct)
    {
        using var answer = await Http.GetAsync(new Uri($"http://{Address}/"), ct);
        return true;
    }
}
