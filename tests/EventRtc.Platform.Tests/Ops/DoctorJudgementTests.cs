using System.Text.Json;
using EventRtc.Domain;
using EventRtc.Etcd;
using EventRtc.Ops.Doctor;
using EventRtc.Ops.Doctor.Checks;
using EventRtc.Ops.Modules;
using EventRtc.Projections;
using Xunit;

namespace EventRtc.Platform.Tests.Ops;

/// <summary>What the doctor makes of what servers say, where no server here can be made to say it.</summary>
public sealed class DoctorJudgementTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private const string HealthyRedis = "# Server\r\nredis_version:7.2.4\r\n# Memory\r\nused_memory:1048576\r\nmaxmemory:0\r\nmaxmemory_policy:noeviction\r\naof_enabled:1\r\naof_last_write_status:ok\r\nrole:master\r\n";

    [Theory]
    [InlineData(0, 0.2, 0, "ok")]
    [InlineData(0.9, 0.2, 0, "ok")]
    [InlineData(1.5, 0.2, 0, "warn")]
    [InlineData(-1.5, 0.2, 0, "warn")]
    [InlineData(6, 0.2, 0, "fail")]
    [InlineData(-3600, 0.2, 0, "fail")]
    [InlineData(6, 5.5, 0, "ok")] // the answer took so long that it may have been right
    [InlineData(-2.5, 0.2, 2, "ok")] // half a second beyond what a clock of full seconds may seem to be behind
    [InlineData(-8, 0.2, 2, "fail")]
    public void Of_a_clock_only_what_is_certain_counts(double ahead, double roundTrip, double coarse, string verdict)
    {
        var reading = ClockReading.Of(Noon, Noon.AddSeconds(ahead), Noon.AddSeconds(roundTrip), TimeSpan.FromSeconds(coarse));
        var report = new Report("clocks");
        ClocksCheck.Judge(report, [("other", reading), ("ours", ClockReading.Of(Noon, Noon, Noon))]);
        Assert.Equal(verdict, Only(report, "other").Verdict.ToString().ToLowerInvariant());
    }

    [Fact]
    public void A_clock_that_differs_from_all_others_is_suspected_itself()
    {
        var late = ClockReading.Of(Noon, Noon.AddMinutes(5), Noon.AddSeconds(0.1));
        var report = new Report("clocks");
        ClocksCheck.Judge(report, [("postgres", late), ("redis", late), ("gone", null)]);
        var findings = report.Close();
        Assert.Equal([Verdict.Fail, Verdict.Fail, Verdict.Skipped, Verdict.Warn], findings.Select(finding => finding.Verdict));
        Assert.Contains("299.900 s ahead of", findings[0].Seen, StringComparison.Ordinal);
        Assert.Equal("this machine", findings[^1].About);
    }

    [Theory]
    [InlineData("15.14", true)]
    [InlineData("7.0.15-debian", true)]
    [InlineData("6.2.14", false)]
    [InlineData("unknown", false)]
    public void Versions_are_read_as_servers_write_them(string text, bool reaches) => Assert.Equal(reaches, Minimums.Reaches(text, Minimums.Redis));

    [Theory]
    [InlineData("redis_version:7.2.4", "redis_version:6.2.14", "version", "Fail")]
    [InlineData("role:master", "role:slave", "role", "Fail")]
    [InlineData("noeviction", "volatile-lru", "eviction", "Fail")]
    [InlineData("maxmemory:0", "maxmemory:1050000", "memory", "Warn")]
    [InlineData("aof_enabled:1", "aof_enabled:0", "persistence", "Warn")]
    [InlineData("aof_last_write_status:ok", "aof_last_write_status:err", "persistence", "Fail")]
    public void Redis_is_well_until_one_thing_is_wrong(string well, string wrong, string about, string verdict)
    {
        Assert.All(Redis(HealthyRedis), finding => Assert.Equal(Verdict.Ok, finding.Verdict));
        var found = Assert.Single(Redis(HealthyRedis.Replace(well, wrong, StringComparison.Ordinal)), finding => finding.Verdict is not Verdict.Ok);
        Assert.Equal((about, verdict), (found.About, $"{found.Verdict}"));
        Assert.NotNull(found.Next);
    }

    [Fact]
    public void Etcd_is_asked_for_version_leader_and_alarms()
    {
        Assert.All(Etcd(new EtcdStatus("3.5.9", true, 1, 1, [])), finding => Assert.Equal(Verdict.Ok, finding.Verdict));
        Assert.Equal(["e:2379 version"], Failed(Etcd(new EtcdStatus("3.3.27", true, 1, 1, []))));
        Assert.Equal(["e:2379 leader", "e:2379 alarms"], Failed(Etcd(new EtcdStatus("3.4.23", false, 1, 1, ["etcdserver: no leader"]))));
        var full = Etcd(new EtcdStatus("3.4.23", true, 1, 1, []), "NOSPACE")[^1];
        Assert.Equal(Verdict.Fail, full.Verdict);
        Assert.Contains("etcdctl alarm disarm", full.Next, StringComparison.Ordinal);
    }

    [Fact]
    public void What_etcd_tells_only_as_metrics_is_read_from_there()
    {
        var told = EtcdMetrics.Parse("# TYPE etcd_server_quota_backend_bytes gauge\netcd_server_quota_backend_bytes 8.589934592e+09\netcd_mvcc_db_total_size_in_bytes 20480\netcd_debugging_mvcc_current_revision 100\netcd_debugging_mvcc_compact_revision 40\n");
        Assert.Equal(new EtcdMetrics(8_589_934_592, 20_480, 60), told);
        Assert.Equal(new EtcdMetrics(null, null, null), EtcdMetrics.Parse("not metrics"));
    }

    [Theory]
    [InlineData("""{"version_string":"1.1.2","plugins":{"janus.plugin.audiobridge":{}}}""", "")]
    [InlineData("""{"version_string":"0.11.8","plugins":{"janus.plugin.audiobridge":{}}}""", "janus-1 version")]
    [InlineData("""{"version_string":"1.3.0","plugins":{"janus.plugin.echotest":{}}}""", "janus-1 AudioBridge")]
    [InlineData("{}", "janus-1 version janus-1 AudioBridge")]
    public void A_Janus_is_new_enough_and_has_the_AudioBridge(string info, string failed)
    {
        var report = new Report("janus");
        JanusCheck.Judge(report, "janus-1", JsonElement.Parse(info));
        Assert.Equal(failed, string.Join(' ', Failed(report.Close())));
    }

    [Fact]
    public void A_mixer_on_loopback_hears_no_Janus_of_another_machine()
    {
        var (mixer, janus) = (Module(ModuleKind.Mixer, new Heartbeat(Heartbeat.Healthy, "127.0.0.1", 100, 0, Noon, RtpPorts: "10000-10199")), Module(ModuleKind.Janus, new Heartbeat(Heartbeat.Healthy, "10.0.0.5", 100, 0, Noon, "ws://10.0.0.5:8188")));
        var report = new Report("ports");
        PortsCheck.Judge(report, mixer, elsewhere: janus);
        Assert.Equal(["mixers/m-1 address"], Failed(report.Close()));
        report = new Report("ports");
        PortsCheck.Judge(report, mixer, elsewhere: null);
        Assert.Equal(Verdict.Ok, Assert.Single(report.Close()).Verdict);
    }

    [Theory]
    [InlineData("10000-20000", 5000)]
    [InlineData("10001-10004", 1)]
    [InlineData("10000-10001", 1)]
    [InlineData("10000", null)]
    [InlineData(null, null)]
    public void A_room_takes_an_even_port_and_the_next(string? range, int? rooms) => Assert.Equal(rooms, PortsCheck.Pairs(range));

    [Fact]
    public void A_mixer_with_fewer_ports_than_rooms_is_warned_of()
    {
        var report = new Report("ports");
        PortsCheck.Judge(report, Module(ModuleKind.Mixer, new Heartbeat(Heartbeat.Healthy, "10.0.0.5", 100, 0, Noon, RtpPorts: "10000-10099")), elsewhere: null);
        Assert.Equal("Warn: 10000-10099: two ports each for 50 rooms, and it takes 100", Line(Assert.Single(report.Close())));
    }

    [Fact]
    public void One_module_that_takes_rooms_is_enough_and_the_others_are_warned_of()
    {
        var (fit, full) = (new Heartbeat(Heartbeat.Healthy, "h", 10, 3, Noon), new Heartbeat(Heartbeat.Healthy, "h", 10, 10, Noon));
        var report = new Report("modules");
        ModulesCheck.Judge(report, [Module(ModuleKind.Janus, fit), Module(ModuleKind.Janus, full, "m-2"), Module(ModuleKind.Janus, null, "m-3", "cordon")]);
        Assert.Equal(
            ["Ok januses: 1 of 3 take rooms, 7 places are left", "Warn januses/m-2: is full (10 of 10): it takes no rooms", "Warn januses/m-3: gives no sign of life: it takes no rooms", "Fail mixers: there is none"],
            report.Close().Select(finding => $"{finding.Verdict} {finding.About}: {finding.Seen}"));
    }

    [Theory]
    [InlineData(new[] { "001_a", "002_b" }, "Ok", "all 2, up to 002_b")]
    [InlineData(new[] { "001_a" }, "Fail", "the database is older than this eventrtc: it lacks 002_b")]
    [InlineData(new[] { "001_a", "002_b", "003_c" }, "Fail", "the database is newer than this eventrtc: it has 003_c")]
    [InlineData(new string[0], "Fail", "the database has no table of ours")]
    public void The_schema_is_exactly_that_of_this_build(string[] applied, string verdict, string seen)
    {
        var report = new Report("schema");
        SchemaCheck.Judge(report, applied, ["001_a", "002_b"]);
        Assert.Equal($"{verdict}: {seen}", Line(Assert.Single(report.Close())));
    }

    [Fact]
    public async Task A_check_that_never_ends_or_throws_is_a_finding_and_keeps_what_it_saw()
    {
        var endless = new Check("endless", async (report, _) =>
        {
            report.Ok("first", "well");
            await Task.Delay(Timeout.InfiniteTimeSpan, CancellationToken.None);
        });
        Assert.Equal(["Ok first: well", "Fail time: no end within 0.1s"], await Run(endless));
        Assert.Equal(["Fail the check itself: ended with InvalidOperationException"], await Run(new Check("broken", (_, _) => throw new InvalidOperationException("a secret"))));

        static async Task<IEnumerable<string>> Run(Check check) =>
            (await check.Run(TimeSpan.FromSeconds(0.1), TestContext.Current.CancellationToken)).Select(finding => $"{finding.Verdict} {finding.About}: {finding.Seen}");
    }

    private static IReadOnlyList<Finding> Redis(string info)
    {
        var report = new Report("redis");
        RedisCheck.Judge(report, RedisInfo.Parse(info));
        return report.Close();
    }

    private static IReadOnlyList<Finding> Etcd(EtcdStatus status, params string[] alarms)
    {
        var report = new Report("etcd");
        EtcdCheck.Judge(report, "e:2379", status, alarms);
        return report.Close();
    }

    private static SeenModule Module(ModuleKind kind, Heartbeat? beat, string id = "m-1", string? label = null) =>
        new(kind, new ModuleNow(kind.Plural(), new ModuleId(id), beat?.Streams ?? 0, label, beat is null ? null : new HeartbeatNow(beat.Status, beat.Host, beat.StartedAt, beat.Streams), beat?.Capacity), beat);

    private static IEnumerable<string> Failed(IEnumerable<Finding> findings) => findings.Where(finding => finding.Verdict is Verdict.Fail).Select(finding => finding.About);

    private static string Line(Finding finding) => $"{finding.Verdict}: {finding.Seen}";

    private static Finding Only(Report report, string about) => Assert.Single(report.Close(), finding => finding.About == about);
}
