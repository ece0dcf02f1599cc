using System.Globalization;
using System.Text.RegularExpressions;
using EventRtc.Hosting;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace EventRtc.Platform.Tests.Ops.Compose;

/// <summary>What docker-compose.yml promises of every service, held without an engine.</summary>
public sealed partial class ComposeFileTests
{
    private const string Setup = "setup";

    /// <summary>At most, when POST /api/rooms says no other number.</summary>
    private const int AnchorsOfARoom = 3;


    /// <summary>Services that do not go on running, and the ones whose image has nothing in it that could ask; the file says so at each.</summary>
    private static readonly string[] WithoutHealth = [Setup, "ops", "otel-collector"], Ends = [Setup, "ops"], Limits = ["cpus", "memory", "pids"];

    private static readonly ComposeFile File = ComposeFile.Read();

    [Fact]
    public void Every_service_that_runs_is_checked_and_started_again() => AssertNone(
        from service in File.Services.Values
        let isChecked = service.List("healthcheck", "test") is ["CMD" or "CMD-SHELL", ..]
        where isChecked == WithoutHealth.Contains(service.Name) || service.Value("restart") != (Ends.Contains(service.Name) ? "no" : "unless-stopped")
        select $"{service}: {service.Value("restart")}, checked: {isChecked}");

    [Fact]
    public void Every_service_has_limits_and_logs_that_end() => AssertNone(
        from service in File.Services.Values
        let limits = service.Map("deploy", "resources", "limits")
        where !Array.TrueForAll(Limits, limits.ContainsKey) || service.Value("logging", "options", "max-size") is null || service.Value("logging", "options", "max-file") is null
        select service.Name);

    [Fact]
    public void Nobody_may_write_to_an_image_gain_rights_or_be_root_but_the_one_that_gives_files_away() => AssertNone(
        from service in File.Services.Values
        where service.Value("read_only") != "true" || !service.List("security_opt").Contains("no-new-privileges:true") || !service.List("cap_drop").Contains("ALL")
            || (service.Name is Setup ? service.Value("network_mode") != "none" : service.Map("cap_add").Count > 0 || service.List("cap_add").Count > 0 || !User().IsMatch(service.Value("user") ?? ""))
        select service.Name);

    [Fact]
    public void No_secret_has_a_default_and_none_is_written_down()
    {
        AssertNone(File.Variables.Where(one => Secret().IsMatch(one.Name) && one.Default is not ":-").Select(one => one.Name));
        AssertNone(
            from service in File.Services.Values
            from variable in service.Environment
            where variable.Key is not "SECRETS" && Secret().IsMatch(variable.Key) && !variable.Key.EndsWith("_FILE", StringComparison.Ordinal) && variable.Value != $"${{{variable.Key}:-}}"
            select $"{service}: {variable.Key}");
        AssertNone(
            from line in System.IO.File.ReadLines(ComposeFile.PathOf(".env.example"))
            where !line.StartsWith('#') && line.Contains('=', StringComparison.Ordinal) && Secret().IsMatch(line.Split('=')[0]) && line.Split('=')[1].Length > 0
            select line);
    }

    [Fact]
    public void Everybody_is_handed_the_secrets_that_it_reads_in_a_volume_of_its_own_and_no_others()
    {
        var handed = Hand().Matches(System.IO.File.ReadAllText(ComposeFile.PathOf("ops/docker/setup"))).ToDictionary(hand => hand.Groups[1].Value, hand => hand.Groups[2].Value.Split(' '));
        AssertNone(
            from service in File.Services.Values
            where service.Environment.ContainsKey("SECRETS")
            let reads = service.Environment["SECRETS"].Split(' ').Concat(service.Environment.ContainsKey("AUDIT_KEY_FILE") ? ["audit-key.pem"] : [])
            let volume = service.List("volumes").Single(mount => mount.EndsWith("-secrets:/run/eventrtc:ro", StringComparison.Ordinal)).Split("-secrets:")[0]
            where !service.Name.StartsWith(volume, StringComparison.Ordinal) || !handed[volume].ToHashSet().SetEquals(reads)
            select $"{service}: reads {string.Join(' ', reads)}, and {volume} is handed {string.Join(' ', handed[volume])}");
        Assert.Equal([Setup], File.Services.Values.Where(service => service.List("volumes").Any(mount => mount.StartsWith("secrets:", StringComparison.Ordinal))).Select(service => service.Name));
    }

    [Fact]
    public void Every_service_of_ours_takes_any_setting_from_one_file_and_sees_a_folder_of_files() => AssertNone(
        from service in File.Services.Values
        where service.Environment.ContainsKey("SECRETS") && (!service.List("volumes").Contains("./ops/docker/settings:/etc/eventrtc:ro") || !service.Has("env_file"))
        select service.Name);

    [Fact]
    public void A_Janus_that_is_full_has_ports_for_the_anchors_of_its_rooms()
    {
        var capacity = int.Parse(Default().Match(File.Services["janus-worker-1"].Environment["JANUS_CAPACITY"]).Groups[1].Value, CultureInfo.InvariantCulture);
        foreach (var janus in (string[])["janus-1", "janus-2"])
        {
            var ports = Array.ConvertAll(Default().Match(File.Services[janus].Environment["JANUS_MEDIA_PORTS"]).Groups[1].Value.Split('-'), int.Parse);
            Assert.InRange(capacity * AnchorsOfARoom, 1, ports[1] - ports[0] + 1);
        }
    }

    [Fact]
    public void Everything_that_can_be_set_stands_in_the_example()
    {
        var example = System.IO.File.ReadAllText(ComposeFile.PathOf(".env.example"));
        AssertNone(File.Variables.Select(one => one.Name).Distinct().Where(name => !Regex.IsMatch(example, $"^#?{name}=", RegexOptions.Multiline)));
    }

    [Fact]
    public void Nobody_starts_before_those_it_needs_are_well() => AssertNone(
        from service in File.Services.Values
        from needed in service.Map("depends_on")
        let condition = ComposeFile.TextOf(((YamlMappingNode)needed.Value)["condition"])
        where condition != (needed.Key is Setup ? "service_completed_successfully" : "service_healthy") || !File.Services.ContainsKey(needed.Key)
        select $"{service}: {needed.Key} {condition}");

    [Fact]
    public void There_are_two_Januses_and_two_mixers_and_mixers_can_be_any_number()
    {
        Assert.Equal(["janus-1", "janus-2"], File.Services.Keys.Where(name => JanusName().IsMatch(name)));
        Assert.All(["janus-1", "janus-2"], name => Assert.Equal(name, File.Services[name.Replace("janus", "janus-worker", StringComparison.Ordinal)].Environment["JANUS_ID"]));
        var mixer = File.Services["mixer"];
        Assert.True(int.Parse(mixer.Value("deploy", "replicas")!, CultureInfo.InvariantCulture) >= 2);
        Assert.DoesNotContain("MIXER_ID", mixer.Environment.Keys);
        Assert.Equal("auto", mixer.Environment["MIXER_IP"]);
        Assert.Empty(mixer.List("ports"));
        Assert.All(File.Services.Values, service => Assert.Null(service.Value("container_name")));
    }

    [Theory]
    [InlineData("mixer", "MIXER_DRAIN_TIMEOUT")]
    [InlineData("janus-worker-1", "JANUS_DRAIN_TIMEOUT")]
    [InlineData("janus-worker-2", "JANUS_DRAIN_TIMEOUT")]
    public void A_worker_has_the_time_to_hand_its_rooms_over(string name, string variable)
    {
        var service = File.Services[name];
        Assert.True(Settings.TryDuration(Default().Match(service.Environment[variable]).Groups[1].Value, out var drain));
        Assert.True(Settings.TryDuration(service.Value("stop_grace_period")!, out var grace));
        Assert.True(grace > drain + new AppOptions().ShutdownTimeout, $"{grace} for {drain}");
    }

    [Fact]
    public void The_routes_lead_to_services_of_the_file() => AssertNone(
        from target in RouteTarget().Matches(System.IO.File.ReadAllText(ComposeFile.PathOf("ops/docker/nginx.conf")))
        where !File.Services.ContainsKey(target.Groups[1].Value)
        select target.Value);

    [Fact]
    public void What_is_mounted_is_there() => AssertNone(
        from service in File.Services.Values
        from mount in service.List("volumes")
        let source = mount.Split(':')[0]
        where source.StartsWith("./", StringComparison.Ordinal) ? !Path.Exists(ComposeFile.PathOf(source)) : !File.Volumes.Contains(source)
        select $"{service}: {source}");

    [Fact]
    public void What_the_image_is_restored_from_is_there_for_each_of_its_projects_and_names_no_registry()
    {
        var projects = System.Text.Json.JsonDocument.Parse(System.IO.File.ReadAllText(ComposeFile.PathOf("ops/services.slnf"))).RootElement.GetProperty("solution").GetProperty("projects").EnumerateArray();
        AssertNone(
            from project in projects
            let file = ComposeFile.PathOf(Path.Combine(Path.GetDirectoryName(project.GetString()!)!, "packages.lock.json"))
            where !System.IO.File.Exists(file) || System.IO.File.ReadAllText(file).Contains("://", StringComparison.Ordinal)
            select file);
    }

    // Assert.Empty would cut the names short, which are all that matters here.
    private static void AssertNone(IEnumerable<string> faults) => Assert.True(!faults.Any(), string.Join('\n', faults));

    [GeneratedRegex("SECRET|PASSWORD|KEY|TOKEN|DSN")]
    private static partial Regex Secret();

    [GeneratedRegex("^[1-9][0-9]*:[0-9]+$")]
    private static partial Regex User();

    [GeneratedRegex("^janus-[0-9]+$")]
    private static partial Regex JanusName();

    [GeneratedRegex(":-([^}]+)}")]
    private static partial Regex Default();

    [GeneratedRegex(@"^hand ([a-z-]+) \S+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Hand();

    [GeneratedRegex(@"set \$\w+ ([a-z-]+):\d+;")]
    private static partial Regex RouteTarget();
}
