using System.Net.Http.Json;
using EventRtc.Hosting.Processes;
using EventRtc.Local;
using EventRtc.Local.Servers;
using EventRtc.Streams;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace EventRtc.EndToEnd.Tests;

/// <summary>The doctor finds nothing at a healthy deployment, names what is wrong at a sick one, and leaves no room behind.</summary>
public sealed class DoctorTests(RunningSystem system, ITestOutputHelper output)
{
    private static readonly string[] AllChecks = ["postgres", "schema", "redis", "etcd", "services", "web", "modules", "janus", "ports", "clocks", "disk", "lag", "parked", "canary"];
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private Deployment At => system.Deployment;

    [Fact]
    public async Task A_healthy_deployment_has_nothing_but_praise_and_the_canary_went_on_air_and_is_gone()
    {
        var found = await Look(arguments: "--strict");

        Assert.Equal((0, "ok"), (found.Code, found.Verdict));
        Assert.Equal(AllChecks, found.Findings.Select(finding => finding.Check).Distinct());
        Assert.All(found.Findings, finding => Assert.Equal(("ok", null), (finding.Verdict, finding.Next)));
        foreach (var service in (Server[])[At.Rooms, At.Users, .. At.Gateways, At.Hls, At.Projector, At.JanusWorker, At.MixerWorker])
            Assert.StartsWith("ready", found.Of("services", $":{service.Address.Split(':')[1]}").Seen, StringComparison.Ordinal);
        Assert.Contains("decrypted", found.Of("canary", "listener").Seen, StringComparison.Ordinal);
        Assert.Contains("has joined", found.Of("canary", "anchor").Seen, StringComparison.Ordinal);

        var room = found.Of("canary", "room").Seen.Split(' ')[0];
        var history = await system.Rooms.History(room);
        Assert.Equal("room_deleted", history[^1]);
        Assert.Contains("anchor_joined", history);
        await Doctor.LeavesNothing(At);
    }

    [Fact]
    public async Task People_get_a_table_and_a_last_line_that_says_how_it_is()
    {
        await using var doctor = await Doctor.Start(At, null, "--no-canary", "--skip", "web");
        Assert.Equal(0, await doctor.Exited);
        Assert.Matches("^All is well: [0-9]+ ok, 2 skipped.$", doctor.LastLines[^1]);
        Assert.Contains(doctor.LastLines, line => line.Contains("│ lag ", StringComparison.Ordinal) && line.Contains("behind the log by", StringComparison.Ordinal));
    }

    [Fact]
    public async Task PostgreSQL_that_is_away_is_named_with_what_to_do()
    {
        var found = await While(At.Postgres, () => Look(arguments: ["--timeout", "5s", "--canary-timeout", "2s"]));

        found.MustFail("postgres", "answer", At.Postgres.Address, "POSTGRES_DSN");
        found.MustFail("services", At.Rooms.Address.Split(':')[1], "postgres", "goes on by itself");
        Assert.Equal("fail", found.Of("canary", "room").Verdict);
    }

    [Fact]
    public async Task A_Redis_that_throws_away_what_it_likes_is_wrong_although_all_works()
    {
        await using var redis = new RedisClient(new RedisOptions { Address = At.Redis.Address }, NullLogger<RedisClient>.Instance);
        await redis.ExecuteAsync(["CONFIG", "SET", "maxmemory-policy", "allkeys-lru"]);
        try
        {
            var found = (await Look()).MustFail("redis", "eviction", "allkeys-lru", "noeviction");
            Assert.Equal(["redis"], found.Failed);
        }
        finally
        {
            await redis.ExecuteAsync(["CONFIG", "SET", "maxmemory-policy", "noeviction"]);
        }
        await Doctor.LeavesNothing(At);
    }

    [Theory]
    [InlineData("delete from rtc_migrations where name = '004_parked'", "insert into rtc_migrations (name) values ('004_parked')", "lacks 004_parked", "Restart the rooms services")]
    [InlineData("insert into rtc_migrations (name) values ('999_of_tomorrow')", "delete from rtc_migrations where name = '999_of_tomorrow'", "it has 999_of_tomorrow", "Use the eventrtc of the version that runs")]
    public async Task A_schema_of_another_version_is_named_in_both_directions(string change, string back, string seen, string next)
    {
        await Sql(change);
        try
        {
            var found = (await Look(arguments: "--no-canary")).MustFail("schema", "migrations", seen, next);
            Assert.Equal(["schema"], found.Failed);
        }
        finally
        {
            await Sql(back);
        }
    }

    [Fact]
    public async Task Events_that_no_projector_takes_up_are_lag_and_the_canary_is_not_seen()
    {
        var room = $"e2e-{Guid.NewGuid():N}"[..20];
        var found = await While(At.Projector, async () =>
        {
            using var http = new HttpClient { BaseAddress = At.Rooms.Url };
            (await http.PostAsJsonAsync("/api/rooms", new { roomId = room })).EnsureSuccessStatusCode();
            await Task.Delay(TimeSpan.FromSeconds(1.2)); // older than the shortest lag that can be asked for
            return await Look(new Dictionary<string, string> { ["PROJECTOR_MAX_LAG"] = "1s" }, "--canary-timeout", "2s");
        });

        found.MustFail("lag", "views", "behind the log by", "Is a projector running?");
        found.MustFail("services", "projector", "nobody listens there", "DOCTOR_PROJECTOR_URLS");
        found.MustFail("canary", "on air", "mixer-1 does not listen", "If 'lag' and 'services' are well");
        await Eventually.True(async () => await system.Rooms.Find(room) is not null, Soon, "the projector has caught up");
        await system.Rooms.Remove(room);
    }

    [Fact]
    public async Task Etcd_that_is_down_is_named_and_what_lies_in_it_cannot_be_told()
    {
        var found = await While(At.Etcd, () => Look(arguments: ["--timeout", "5s", "--canary-timeout", "2s"]));

        found.MustFail("etcd", At.Etcd.Address, At.Etcd.Address, "ETCD_ENDPOINTS");
        Assert.Equal("warn", found.Of("modules", "all of it").Verdict);
    }

    [Fact]
    public async Task Without_a_mixer_that_takes_rooms_the_canary_says_so_and_what_to_do()
    {
        using var http = new HttpClient { BaseAddress = At.Rooms.Url };
        (await http.PutAsJsonAsync("/api/modules/mixers/mixer-1/mark", new { label = "draining", ttl = 600 })).EnsureSuccessStatusCode();
        try
        {
            await Eventually.True(
                async () => (await Look(arguments: "--no-canary")).Failed.Contains("modules"), Soon, "the mark has come to etcd");
            var found = (await Look())
                .MustFail("modules", "mixers", "none takes rooms: mixer-1 is marked drain", "eventrtc unmark mixers/mixer-1")
                .MustFail("canary", "room", "no_capacity", "eventrtc modules");
            Assert.Equal(["modules", "canary"], found.Failed);
        }
        finally
        {
            (await http.DeleteAsync(new Uri("/api/modules/mixers/mixer-1/mark", UriKind.Relative))).EnsureSuccessStatusCode();
            await Eventually.True(async () => (await Look(arguments: "--no-canary")).Code == 0, Soon, "the mixer takes rooms again");
        }
        await Doctor.LeavesNothing(At);
    }

    [Fact]
    public async Task A_service_that_is_stopped_is_named_and_so_is_what_it_costs()
    {
        var found = await While(At.Users, () => Look());

        found.MustFail("services", "users", "nobody listens there", "DOCTOR_USERS_URLS");
        found.MustFail("canary", "anchor", "is not admitted", "users service");
        Assert.Equal("ok", found.Of("canary", "listener").Verdict);
        Assert.Equal("ok", found.Of("canary", "removal").Verdict);
    }

    [Fact]
    public async Task An_origin_that_is_down_keeps_listeners_and_anchors_out_but_not_the_canary_in()
    {
        var found = await While(At.Nginx, () => Look(arguments: ["--canary-timeout", "5s"]));

        found.MustFail("web", "gateway", "nobody listens there", "DOCTOR_WEB_URL");
        Assert.Equal(["web", "canary"], found.Failed);
        Assert.Equal(["ok", "ok", "fail", "fail", "ok"], found.Findings.Where(finding => finding.Check is "canary").Select(finding => finding.Verdict));
    }

    [Fact]
    public async Task A_deployment_that_asks_for_tokens_gets_the_operators_and_says_so_without_one()
    {
        await using var strict = At.Rooms.Replica("rooms-strict", ("AUTH_MODE", null));
        await strict.Start();
        var variables = new Dictionary<string, string> { ["ROOMS_URL"] = $"{strict.Url}" };

        var refused = (await Look(variables)).MustFail("canary", "room", "401 token_missing", "eventrtc token --role operator");
        Assert.Equal(["canary"], refused.Failed);

        variables["EVENTRTC_TOKEN"] = await Doctor.OperatorsToken(At);
        Assert.Equal("ok", (await Look(variables)).Verdict);
        await Doctor.LeavesNothing(At);
    }

    [Fact]
    public async Task A_Janus_that_is_frozen_is_told_of_in_time()
    {
        await At.Janus.Freeze();
        try
        {
            var found = await Look(arguments: ["--timeout", "8s", "--no-canary"]);
            Assert.Equal(1, found.Code);
            Assert.Contains(found.Findings, finding => finding is { Check: "services", Verdict: "fail" } && finding.Seen.Contains("janus", StringComparison.Ordinal));
        }
        finally
        {
            At.Janus.Thaw();
        }
        await Recovered();
    }

    [Fact]
    public async Task The_canary_is_removed_although_the_user_interrupts()
    {
        using var http = new HttpClient { BaseAddress = At.Rooms.Url };
        await At.MixerWorker.Freeze(); // else the canary may be done before the interrupt
        await using var doctor = await Doctor.Start(At, null);
        try
        {
            await Eventually.True(async () => (await Doctor.Canaries(http)).Count == 1, Soon, "the canary is there");
            ProcessTable.Send(doctor.Id, Signal.Interrupt);
        }
        finally
        {
            At.MixerWorker.Thaw();
        }

        Assert.Equal(130, await doctor.Exited);
        await Doctor.LeavesNothing(At);
    }

    private async Task<Diagnosis> Look(IReadOnlyDictionary<string, string>? variables = null, params string[] arguments)
    {
        var found = await Doctor.Look(At, variables, arguments);
        output.WriteLine($"{found}\n");
        return found;
    }

    /// <summary>Looks while a server is dead, and waits until all is well again and no canary is left.</summary>
    private async Task<Diagnosis> While(Server dead, Func<Task<Diagnosis>> look)
    {
        await dead.Kill();
        try
        {
            return await look();
        }
        finally
        {
            await dead.Start();
            await Recovered();
        }
    }

    private async Task Recovered()
    {
        await Eventually.True(async () => (await Doctor.Look(At, null, "--no-canary")).Code == 0, TimeSpan.FromSeconds(60), "all is well again");
        await Doctor.LeavesNothing(At);
    }

    private async Task Sql(string statement)
    {
        await using var psql = await ChildProcess.Start(new ProcessSpec("psql", "-h", "127.0.0.1", "-p", $"{At.Postgres.Port}", "-U", "postgres", "-d", "eventrtc", "-qc", statement));
        Assert.Equal(0, await psql.Exited);
    }
}
