using System.Collections.Concurrent;
using EventRtc.Hosting.Processes;
using EventRtc.Local;
using EventRtc.Local.Servers;
using Xunit;

namespace EventRtc.Services.Tests.Configuration;

/// <summary>Real services, started with what may and what may not be given to them.</summary>
public sealed class StartTests : IDisposable
{
    private const string Users = "services/Users/EventRtc.Users";
    private const string Mixer = "services/Mixer/EventRtc.Mixer";

    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Settings_may_stand_in_files_beneath_the_environment()
    {
        Write("config.yaml", $"jwt:\n  secret: {new string('s', 32)}\netcd:\n  endpoints: [127.0.0.1:1]\nredis: {{ addr: 127.0.0.1:2 }}\nmixer: {{ capacity: 7 }}\n");
        Write("appsettings.json", """{"redis": {"addr": "127.0.0.1:3", "connectTimeout": "20ms"}, "http": {"addr": "127.0.0.1:4"}}""");
        await using var users = new ServiceProcess("users", folder.Path, Users, FreePort.Any(), new Dictionary<string, string?>());
        using var http = new HttpClient();

        var starting = users.Start();
        await Eventually.True(async () => (await http.GetStringAsync(new Uri(users.Url, "/health/live"))).Length > 0, TimeSpan.FromSeconds(30), "it runs, at the port of the environment");
        var lines = await (await http.GetAsync(new Uri(users.Url, "/health/ready"))).Content.ReadAsStringAsync();

        Assert.Contains("etcd at 127.0.0.1:1", lines, StringComparison.Ordinal);
        Assert.Contains("redis at 127.0.0.1:2", lines, StringComparison.Ordinal);
        await users.Stop();
        await Assert.ThrowsAnyAsync<Exception>(() => starting); // it was never ready
    }

    [Fact]
    public async Task Everything_that_is_wrong_is_told_in_one_line_without_secrets()
    {
        Write("config.yaml", "redis:\n  command_timeout: 0s\n  pasword: hunter2\nredius: {}\n");

        var (code, lines) = await Run(Users, [], ("JWT_SECRET", "hunter2"), ("ETCD_DIAL_TIMEOUTS", "5s"), ("HTTP_ADDR", "nowhere"), ("PRESENCE_SWEEP_EVERY", "often"));

        Assert.Equal(78, code);
        var line = Assert.Single(lines);
        Assert.StartsWith("users cannot start: ", line, StringComparison.Ordinal);
        Assert.All(
            [
                "REDIS_COMMAND_TIMEOUT: '0s' cannot be used: must be 10ms to 5m (config.yaml, line 2)",
                "REDIS_PASWORD: no such setting; did you mean REDIS_PASSWORD? (redis.pasword, config.yaml, line 3)",
                "JWT_SECRET: the value cannot be used: must have at least 32 characters",
                "ETCD_DIAL_TIMEOUTS: no such setting; did you mean ETCD_DIAL_TIMEOUT?",
                "HTTP_ADDR: 'nowhere' cannot be used",
                "PRESENCE_SWEEP_EVERY: 'often' is not a duration",
            ],
            complaint => Assert.Contains(complaint, line, StringComparison.Ordinal));
        Assert.DoesNotContain("hunter2", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_ends_the_start_with_its_line()
    {
        Write("config.yaml", "etcd:\n  endpoints: [\n");
        Assert.Equal((78, "users cannot start: config.yaml, line 3: this is not YAML"), await Only(Run(Users, [])));
        Assert.Equal((78, "users cannot start: APP_CONFIG_FILE: there is no file 'absent.yaml'"), await Only(Run(Users, [], ("APP_CONFIG_FILE", "absent.yaml"))));
    }

    [Fact]
    public async Task A_second_mixer_of_the_same_name_ends_at_once()
    {
        (string, string?)[] settings = [("MIXER_ID", "mixer-1"), ("MIXER_WORK_DIR", folder.Path), ("MIXER_HLS_ADDR", "127.0.0.1:0"), ("HLS_KEY_SECRET", new string('k', 32)), ("HTTP_ADDR", "127.0.0.1:0")];
        await using var first = await ChildProcess.Start(Spec(Mixer, [], settings));
        await Eventually.True(() => File.Exists(Path.Combine(folder.Path, "mixer-1", "lock")), TimeSpan.FromSeconds(30), "the first one runs");

        var (code, lines) = await Run(Mixer, [], settings);

        Assert.Equal(78, code);
        Assert.Equal([$"mixer cannot start: MIXER_WORK_DIR: another mixer of this name works in {Path.Combine(folder.Path, "mixer-1")}"], lines);
    }

    [Fact]
    public async Task A_service_says_what_it_is_and_what_it_takes()
    {
        Write("config.yaml", "not: [read\n");

        var (code, help) = await Run(Mixer, ["--help"]);

        Assert.Equal(0, code);
        Assert.InRange(help.Count, 10, 45);
        Assert.All(["service mixer: mixes rooms", "MIXER_RTP_PORTS", "docs/configuration.md", "--settings"], word => Assert.Contains(help, line => line.Contains(word, StringComparison.Ordinal)));
        Assert.Equal((64, "mixer takes no argument '--verbose'; --help says what it takes"), await Only(Run(Mixer, ["--verbose"])));
        Assert.False(Directory.Exists(Path.Combine(folder.Path, "eventrtc-mixer"))); // asking changes nothing
    }

    private void Write(string file, string text) => File.WriteAllText(Path.Combine(folder.Path, file), text);

    private static async Task<(int Code, string Line)> Only(Task<(int Code, IReadOnlyList<string> Lines)> run)
    {
        var (code, lines) = await run;
        return (code, Assert.Single(lines));
    }

    private async Task<(int Code, IReadOnlyList<string> Lines)> Run(string project, string[] arguments, params (string Name, string? Value)[] variables)
    {
        var lines = new ConcurrentQueue<string>();
        await using var service = await ChildProcess.Start(Spec(project, arguments, variables) with { OnLine = lines.Enqueue });
        return (await service.Exited.WaitAsync(TimeSpan.FromSeconds(60)), [.. lines]);
    }

    private ProcessSpec Spec(string project, string[] arguments, (string Name, string? Value)[] variables) => new("dotnet", [Checkout.Assembly(project), .. arguments])
    {
        WorkingDirectory = folder.Path,
        Environment = variables.Append(("TMPDIR", folder.Path)).ToDictionary(variable => variable.Item1, variable => variable.Item2, StringComparer.Ordinal),
    };
}
