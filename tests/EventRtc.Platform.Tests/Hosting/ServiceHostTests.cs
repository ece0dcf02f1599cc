using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using EventRtc.Hosting;
using EventRtc.Local;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace EventRtc.Platform.Tests.Hosting;

public sealed class ServiceHostTests
{
    [Fact]
    public async Task A_failure_shows_nothing_of_the_exception()
    {
        await using var service = await Running.Start(_ => { }, app => app.MapGet("/boom", void () => throw new InvalidDataException("secret words")));

        var (status, body) = await service.Get("/boom");

        Assert.Equal(HttpStatusCode.InternalServerError, status);
        Assert.Equal("internal_error", body.GetProperty("code").GetString());
        Assert.DoesNotContain("secret", body.GetRawText(), StringComparison.Ordinal);
        Assert.False(body.GetProperty("success").GetBoolean());
        Assert.NotEqual("", body.GetProperty("traceId").GetString());
    }

    [Fact]
    public async Task A_passing_failure_is_503_and_retryable()
    {
        await using var service = await Running.Start(
            builder => builder.Services.TreatAsTransient<InvalidDataException>(),
            app => app.MapGet("/boom", void () => throw new InvalidDataException("secret words")));

        var (status, body) = await service.Get("/boom");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.True(body.GetProperty("retryable").GetBoolean());
    }

    [Fact]
    public async Task A_body_over_64_KiB_is_413_and_malformed_JSON_is_400()
    {
        await using var service = await Running.Start(_ => { }, app => app.MapPost("/echo", (Dictionary<string, string> body) => body));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await service.Post("/echo", $"{{\"a\":\"{new string('x', 70_000)}\"}}")).Status);
        var (status, body) = await service.Post("/echo", "{nonsense");
        Assert.Equal((HttpStatusCode.BadRequest, "validation_failed"), (status, body.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task An_unknown_address_is_answered_in_the_same_shape()
    {
        await using var service = await Running.Start(_ => { }, _ => { });

        var (status, body) = await service.Get("/nowhere");

        Assert.Equal((HttpStatusCode.NotFound, "not_found"), (status, body.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task A_missing_dependency_makes_the_service_unready_but_alive()
    {
        var away = true;
        await using var service = await Running.Start(
            builder => builder.Services.AddDependency("postgres", "127.0.0.1:5432", (_, _) => away ? throw new IOException("refused") : Task.CompletedTask),
            _ => { });

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "away postgres at 127.0.0.1:5432\n"), await service.GetText("/health/ready"));
        Assert.Equal((HttpStatusCode.OK, "live\n"), await service.GetText("/health/live"));
        away = false;
        Assert.Equal((HttpStatusCode.OK, "ok   postgres at 127.0.0.1:5432\n"), await service.GetText("/health"));
    }

    [Fact]
    public async Task What_a_service_says_of_itself_stands_behind_its_name()
    {
        var line = HealthLine.Well("3 events, 0.1 s");
        await using var service = await Running.Start(
            builder => builder.Services.AddHealthLine("lag", (_, _) => line is null ? throw new IOException("secret words") : Task.FromResult(line)), _ => { });

        Assert.Equal((HttpStatusCode.OK, "ok   lag: 3 events, 0.1 s\n"), await service.GetText("/health"));
        line = HealthLine.Unwell("9 events, 61.0 s");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "away lag: 9 events, 61.0 s\n"), await service.GetText("/health/ready"));
        line = null;
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "away lag\n"), await service.GetText("/health/ready"));
    }

    [Fact]
    public async Task A_loop_that_fails_runs_again()
    {
        var runs = 0;
        await using var service = await Running.Start(
            builder => builder.Services.AddLoop("probe", (_, _) => ++runs < 3 ? throw new IOException("away") : Task.CompletedTask),
            _ => { });

        await Eventually.True(() => runs == 3, TimeSpan.FromSeconds(5), "the loop ran again after two failures");
    }

    [Fact]
    public async Task A_loop_pauses_as_RETRY_says()
    {
        var runs = 0;
        await using var service = await Running.Start(builder =>
        {
            builder.Services.AddSingleton(new RetryOptions { First = TimeSpan.FromMilliseconds(10), Longest = TimeSpan.FromMilliseconds(20) });
            builder.Services.AddLoop("probe", (_, _) => ++runs < 20 ? throw new IOException("away") : Task.CompletedTask);
        }, _ => { });

        await Eventually.True(() => runs == 20, TimeSpan.FromSeconds(10), "it ran 20 times, which would take minutes by pauses that double to 10 s");
    }

    [Fact]
    public async Task Metrics_are_shown_at_the_services_own_address_and_at_no_other()
    {
        var other = $"127.0.0.1:{FreePort.Any()}";
        await using var service = await Running.Start(builder => builder.Listen("PROBE_ADDR", other), _ => { });
        using var outside = new HttpClient { BaseAddress = new Uri($"http://{other}") };

        var (status, text) = await service.GetText("/metrics");
        using var refused = await outside.GetAsync(new Uri("/metrics", UriKind.Relative));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotFound), (status, refused.StatusCode));
        Assert.Contains("dotnet_gc_collections_total", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_route_that_says_nothing_of_itself_breaks_the_document_of_its_service()
    {
        await using var silent = await Running.Start(_ => { }, app => app.MapGet("/silent", () => "..."));
        await using var hidden = await Running.Start(_ => { }, app => app.MapGet("/hidden", () => "...").ExcludeFromDescription());
        await using var anyMethod = await Running.Start(_ => { }, app => app.Map("/any", () => "...").Says("any", "Anything."));

        Assert.Equal((HttpStatusCode.InternalServerError, "internal_error"), await silent.Get("/openapi.json") is var (status, body) ? (status, body.GetProperty("code").GetString()) : default);
        Assert.Equal(HttpStatusCode.InternalServerError, (await anyMethod.Get("/openapi.json")).Status);
        Assert.Equal(["/health/live", "/health/ready", "/health"], (await hidden.Get("/openapi.json")).Body.GetProperty("paths").EnumerateObject().Select(path => path.Name));
    }

    [Fact]
    public async Task A_document_says_of_a_record_what_is_written_of_it()
    {
        await using var service = await Running.Start(_ => { }, app => app.MapGet("/whole", () => new Whole("a", null, [], null))
            .Says("whole", "A record.").Answers<Whole>(200, "It."));

        var schemas = (await service.Get("/openapi.json")).Body.GetProperty("components").GetProperty("schemas");
        var whole = schemas.GetProperty("ServiceHostTestsWhole");

        Assert.Equal(["name", "parts"], whole.GetProperty("required").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal("""{"type":"integer","format":"int32"}""", JsonSerializer.Serialize(whole.GetProperty("properties").GetProperty("number")));
        Assert.Equal("""{"$ref":"#/components/schemas/ServiceHostTestsPart"}""", JsonSerializer.Serialize(whole.GetProperty("properties").GetProperty("last")));
        Assert.Equal("""{"name":"a","parts":[]}""", (await service.GetText("/whole")).Body);
    }

    private sealed record Part(long Count);

    private sealed record Whole(string Name, int? Number, IReadOnlyList<Part> Parts, Part? Last);

    /// <summary>A service on a free port, stopped at the end.</summary>
    private sealed class Running(HttpClient http, IHostApplicationLifetime lifetime, Task<int> run) : IAsyncDisposable
    {
        public static async Task<Running> Start(Action<WebApplicationBuilder> build, Action<WebApplication> map)
        {
            var address = $"127.0.0.1:{FreePort.Any()}";
            var started = new TaskCompletionSource<IHostApplicationLifetime>();
            var run = ServiceHost.Run("probe", address, [], build, app =>
            {
                map(app);
                app.Lifetime.ApplicationStarted.Register(() => started.SetResult(app.Lifetime));
            });
            return new Running(new HttpClient { BaseAddress = new Uri($"http://{address}") }, await started.Task.WaitAsync(TimeSpan.FromSeconds(10)), run);
        }

        public async Task<(HttpStatusCode Status, JsonElement Body)> Get(string path)
        {
            using var answer = await http.GetAsync(new Uri(path, UriKind.Relative));
            return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
        }

        public async Task<(HttpStatusCode Status, string Body)> GetText(string path)
        {
            using var answer = await http.GetAsync(new Uri(path, UriKind.Relative));
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
        }

        public async Task<(HttpStatusCode Status, JsonElement Body)> Post(string path, string json)
        {
            using var content = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
            using var answer = await http.PostAsync(new Uri(path, UriKind.Relative), content);
            return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
        }

        public async ValueTask DisposeAsync()
        {
            lifetime.StopApplication();
            Assert.Equal(0, await run.WaitAsync(TimeSpan.FromSeconds(10)));
            http.Dispose();
        }
    }
}
