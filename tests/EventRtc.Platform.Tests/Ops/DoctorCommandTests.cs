using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace EventRtc.Platform.Tests.Ops;

/// <summary><c>eventrtc doctor</c> as a process where there is nothing, or something strange. With a whole deployment it is tried end to end.</summary>
public sealed class DoctorCommandTests
{
    private const string Nowhere = "http://127.0.0.1:1";

    private static readonly Dictionary<string, string?> NothingThere = new(StringComparer.Ordinal)
    {
        ["POSTGRES_DSN"] = "postgres://ann:s3cret@127.0.0.1:1/eventrtc",
        ["REDIS_ADDR"] = "127.0.0.1:1",
        ["REDIS_PASSWORD"] = "s3cret",
        ["ETCD_ENDPOINTS"] = "127.0.0.1:1",
        ["ROOMS_URL"] = Nowhere,
        ["DOCTOR_USERS_URLS"] = Nowhere,
        ["DOCTOR_GATEWAY_URLS"] = $"{Nowhere},http://no-such-host.invalid:8081",
        ["DOCTOR_HLS_URLS"] = Nowhere,
        ["DOCTOR_PROJECTOR_URLS"] = Nowhere,
        ["DOCTOR_JANUS_WORKER_URLS"] = Nowhere,
        ["DOCTOR_MIXER_WORKER_URLS"] = Nowhere,
        ["DOCTOR_WEB_URL"] = Nowhere,
        ["EVENTRTC_TOKEN"] = "t0ken-of-ann",
    };

    [Fact]
    public async Task Where_nothing_runs_everything_is_named_and_nothing_secret_is_said()
    {
        var found = await Run([], "--json", "--timeout", "8s", "--canary-timeout", "1s");

        Assert.Equal((1, ""), (found.Code, found.Error));
        var failed = Findings(found).Where(finding => finding.GetProperty("verdict").GetString() is "fail").ToList();
        Assert.Equal(["postgres", "redis", "etcd", "services", "web", "canary"], failed.Select(finding => finding.GetProperty("check").GetString()).Distinct());
        Assert.Equal(8, failed.Count(finding => finding.GetProperty("check").GetString() is "services"));
        Assert.All(failed, finding => Assert.NotEmpty(finding.GetProperty("next").GetString()!));
        Assert.Contains("has a name that is not known here", found.Output, StringComparison.Ordinal);
        foreach (var unsaid in (string[])["s3cret", "t0ken", "Exception", " at EventRtc."])
            Assert.DoesNotContain(unsaid, found.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_whose_clock_is_an_hour_ahead_is_wrong_although_it_is_ready()
    {
        await using var strange = await Strange(context =>
        {
            context.Response.Headers.Date = TimeProvider.System.GetUtcNow().AddHours(1).ToString("R");
            return context.Response.WriteAsync("ok   etcd at here\n");
        });
        var found = await Run(new() { ["DOCTOR_USERS_URLS"] = strange.Urls.Single() }, "--json", "--no-canary", "--timeout", "8s");

        var clock = Of(found, "clocks", "users");
        Assert.Equal("fail", clock.GetProperty("verdict").GetString());
        Assert.Matches(@"is at least 359\d\.\d{3} s ahead of this machine's clock", clock.GetProperty("seen").GetString());
        Assert.Equal("ready: etcd at here", Of(found, "services", "users").GetProperty("seen").GetString());
    }

    [Fact]
    public async Task Somebody_elses_server_is_not_taken_for_a_service()
    {
        await using var strange = await Strange(context =>
        {
            context.Response.StatusCode = (int)HttpStatusCode.NotFound;
            return Task.CompletedTask;
        });
        var found = await Run(new() { ["DOCTOR_USERS_URLS"] = strange.Urls.Single(), ["DOCTOR_WEB_URL"] = strange.Urls.Single() }, "--json", "--no-canary", "--timeout", "8s");

        Assert.Equal("404 instead of a health page", Of(found, "services", "users").GetProperty("seen").GetString());
        Assert.Contains("is answered with 404 by somebody else", Of(found, "web", "rooms").GetProperty("seen").GetString(), StringComparison.Ordinal);
        Assert.Equal("fail", Of(found, "web", "gateway").GetProperty("verdict").GetString());
    }

    [Fact]
    public async Task What_cannot_be_understood_ends_with_2_and_not_with_a_verdict()
    {
        Assert.Equal(2, (await Run([], "--skip", "everything")).Code);
        Assert.Equal(2, (await Run([], "--timeout", "soon")).Code);
        (await Run(new() { ["DOCTOR_HLS_URLS"] = "localhost:3100" })).MustEndWith(2, "DOCTOR_HLS_URLS", "http://host:port");
        (await Run(new() { ["DOCTOR_WEB_URL"] = "here" })).MustEndWith(2, "DOCTOR_WEB_URL");
        Assert.Contains("Example: eventrtc doctor", (await Run([], "--help")).MustSucceed().ReplaceLineEndings(" ").Replace("  ", " ", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    private static async Task<WebApplication> Strange(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(answer);
        await app.StartAsync();
        return app;
    }

    private static List<JsonElement> Findings(Ran ran) => [.. ran.Json.GetProperty("findings").EnumerateArray()];

    private static JsonElement Of(Ran ran, string check, string about) =>
        Assert.Single(Findings(ran), finding => finding.GetProperty("check").GetString() == check && finding.GetProperty("about").GetString()!.StartsWith(about, StringComparison.Ordinal));

    private static Task<Ran> Run(Dictionary<string, string> changes, params string[] arguments)
    {
        var variables = new Dictionary<string, string?>(NothingThere, StringComparer.Ordinal);
        foreach (var (name, value) in changes)
            variables[name] = value;
        return OpsRig.Run(variables, Path.GetTempPath(), ["doctor", .. arguments]);
    }
}
