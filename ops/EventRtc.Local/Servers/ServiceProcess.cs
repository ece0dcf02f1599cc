using EventRtc.Hosting.Processes;

namespace EventRtc.Local.Servers;

/// <summary>One of our own services as built in this checkout; ready when its health page says so.</summary>
/// <param name="project">Its project's folder, such as <c>services/Rooms/EventRtc.Rooms</c>.</param>
/// <param name="variables">Its settings; HTTP_ADDR is added.</param>
public sealed class ServiceProcess(string name, string folder, string project, int port, IReadOnlyDictionary<string, string?> variables) : Server(name, folder)
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(3) };

    public int Port { get; } = port;

    public override string Address => $"127.0.0.1:{Port}";

    public Uri Url => new($"http://{Address}");

    /// <summary>The same service once more, not started yet: in a folder beside this one, on a port of its own, with some settings changed.</summary>
    public ServiceProcess Replica(string replica, params (string Name, string? Value)[] changes)
    {
        var changed = new Dictionary<string, string?>(variables, StringComparer.Ordinal);
        foreach (var (variable, value) in changes)
            changed[variable] = value;
        return new(replica, Path.Combine(Path.GetDirectoryName(Folder)!, replica), project, FreePort.Any(), changed);
    }

    protected override ProcessSpec Describe() => new("env", "--default-signal=HUP", "dotnet", Checkout.Assembly(project)) // under nohup it would not hear that its levels are to be read anew
    {
        WorkingDirectory = Folder,
        Environment = new Dictionary<string, string?>(variables, StringComparer.Ordinal)
        {
            ["HTTP_ADDR"] = Address,
            ["DOTNET_TieredPGO"] = "0", // many short-lived processes on few cores: start fast
        },
    };

    protected override async Task<bool> IsReady(CancellationToken ct)
    {
        using var answer = await Http.GetAsync(new Uri(Url, "/health/ready"), ct);
        return answer.IsSuccessStatusCode;
    }
}
