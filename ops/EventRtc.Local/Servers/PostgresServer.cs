using System.Security.Cryptography;
using System.Text;
using EventRtc.Hosting.Processes;

namespace EventRtc.Local.Servers;

/// <summary>
/// PostgreSQL as Debian ships it, fsync on. It refuses to run as root: then it runs as the user postgres, in a folder that user can reach.
/// </summary>
public sealed class PostgresServer(string folder, int port) : Server("postgres", folder)
{
    private const string Database = "eventrtc";

    public int Port { get; } = port;

    public override string Address => $"127.0.0.1:{Port}";

    /// <summary>How Npgsql connects to it.</summary>
    public string ConnectionString => $"Host=127.0.0.1;Port={Port};Username=postgres;Database={Database}";

    private static string Binaries { get; } = Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(v => int.Parse(Path.GetFileName(v))).Select(v => Path.Combine(v, "bin")).First()
        : "/usr/bin";

    private static string? User => Environment.UserName == "root" ? "postgres" : null;

    private string Data => Path.Combine(Folder, "data");

    public static async Task<PostgresServer> Start(string folder, int? port = null, CancellationToken ct = default)
    {
        var server = new PostgresServer(folder, port ?? FreePort.Any());
        await server.Start(ct);
        return server;
    }

    /// <summary>
    /// The wanted folder when the server's user can reach it, else one beside the system's other temporary data: a checkout below /root is closed to the user postgres.
    /// </summary>
    public static string Reachable(string wanted)
    {
        var closed = User is not null && Ancestors(new DirectoryInfo(wanted))
            .Any(folder => folder.Exists && !folder.UnixFileMode.HasFlag(UnixFileMode.OtherExecute));
        return closed ? $"/var/tmp/eventrtc-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(wanted)))[..12]}" : wanted;
    }

    protected override ProcessSpec Describe() => new(
        Path.Combine(Binaries, "postgres"), "-D", Data, "-p", $"{Port}", "-h", "127.0.0.1", "-k", "", "-c", "max_connections=200")
    {
        RunAs = User,
        StopSignal = Signal.Interrupt, // "fast": TERM would wait for every client to leave
        DeathSignal = "INT",
    };

    protected override async Task Prepare(CancellationToken ct)
    {
        if (User is { } user)
            await Run("chown", "root", user, Folder);
        if (!File.Exists(Path.Combine(Data, "PG_VERSION")))
        {
            await Run(Path.Combine(Binaries, "initdb"), User, "-D", Data, "-U", "postgres", "--auth", "trust", "--encoding", "UTF8", "--no-locale", "--no-sync");
            await CreateDatabase();
        }
    }

    protected override async Task<bool> IsReady(CancellationToken ct)
    {
        await using var probe = await ChildProcess.Start(new ProcessSpec(
            Path.Combine(Binaries, "psql"), "-h", "127.0.0.1", "-p", $"{Port}", "-U", "postgres", "-d", Database, "-Atqc", "select 1"));
        return await probe.Exited.WaitAsync(ct) == 0;
    }

    /// <summary>In single-user mode, so that the server never runs without its database.</summary>
    private Task CreateDatabase() =>
        Run("sh", User, "-c", $"echo 'create database {Database}' | '{Binaries}/postgres' --single -D '{Data}' postgres");

    private static IEnumerable<DirectoryInfo> Ancestors(DirectoryInfo folder)
    {
        for (var parent = folder.Parent; parent is not null; parent = parent.Parent)
            yield return parent;
    }

    private static async Task Run(string program, string? user, params string[] arguments)
    {
        await using var child = await ChildProcess.Start(new ProcessSpec(program, arguments) { RunAs = user == "root" ? null : user, WorkingDirectory = "/" });
        if (await child.Exited != 0)
            throw new ServerStartException($"{Path.GetFileName(program)} failed:\n{string.Join('\n', child.LastLines)}");
    }
}
