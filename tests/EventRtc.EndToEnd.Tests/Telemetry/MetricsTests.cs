using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using EventRtc.Domain;
using EventRtc.JsonRpc;
using EventRtc.Local;
using EventRtc.Visitors;
using Xunit;

namespace EventRtc.EndToEnd.Tests.Telemetry;

/// <summary>What services show at <c>/metrics</c>, and that dashboards and alerts ask for nothing else.</summary>
[Collection(typeof(Traced))]
public sealed partial class MetricsTests(TracedSystem system) : IAsyncLifetime
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(30);

    /// <summary>Values of labels that nothing shows before something fails; the labels are shown by others.</summary>
    private static readonly Demand[] OnlyByFaults =
    [
        new("eventrtc_append_duration_seconds_count", "outcome", "failed"),
        new("eventrtc_append_duration_seconds_count", "outcome", "busy"),
        new("eventrtc_rpc_client_duration_seconds_count", "outcome", "timeout"),
        new("http_server_request_duration_seconds_count", "http_response_status_code", "5.."),
        new("eventrtc_hls_files_total", "status", "503"),
    ];

    private readonly string room = $"metrics-{Guid.NewGuid():N}"[..24];
    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(5) };

    /// <summary>A room that is spoken in and listened to, a visitor who may not come in, and one who asks for what there is not.</summary>
    public async ValueTask InitializeAsync()
    {
        await system.Rooms.OnAir(room);
        await Eventually.True(async () => (await system.Rooms.Media(room, "stream.m3u8")).IsSuccessStatusCode, Within, "somebody listens");
        var gateway = new UriBuilder(system.Deployment.Gateways[0].Url) { Scheme = "ws", Path = "/ws" }.Uri;
        using var refused = new ClientWebSocket();
        await refused.ConnectAsync(new UriBuilder(gateway) { Query = "token=none" }.Uri, CancellationToken.None);
        using var admitted = await http.PostAsJsonAsync(new Uri(system.Deployment.Web, $"/api/rooms/{room}/users"), new { role = "anchor" });
        var (user, token) = await Read(admitted);
        await using var visitor = await GatewayClient.Connect(new UriBuilder(gateway) { Query = $"token={token}" }.Uri, new UserId(user));
        await Assert.ThrowsAsync<RpcException>(() => visitor.Join("000000"));
        await visitor.Join(RoomApi.Pin);
    }

    public async ValueTask DisposeAsync()
    {
        await system.Rooms.Remove(room);
        http.Dispose();
    }

    [Fact]
    public async Task Dashboards_and_alerts_ask_only_for_what_some_service_shows()
    {
        var queries = Shown.Queries();
        Assert.All(Shown.Dashboards().Select(Path.GetFileName).Append("alerts.yml"), file => Assert.Contains(queries, query => query.File == file));

        await Eventually.True(async () => await Missing(queries) == "", Within, "every metric that is asked for is shown");
        Assert.Empty(OnlyByFaults.Except(queries.SelectMany(query => Demand.Of(query.Query))));
    }

    [Fact]
    public void Every_job_that_is_scraped_is_missed_when_nothing_of_it_is_there()
    {
        Assert.NotEmpty(Shown.Jobs());
        foreach (var file in (string[])["alerts.yml", "system.json"])
            Assert.All(Shown.Jobs(), job => Assert.Contains(Shown.Queries(), query => query.File == file && query.Query.Contains($"absent(up{{job=\"{job}\"}})", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Every_service_answers_in_Prometheus_text_without_a_room_a_user_or_a_connection_in_a_label()
    {
        foreach (var shown in await All())
        {
            Assert.Equal("text/plain", shown.MediaType);
            Assert.Contains("eventrtc_dependency_up", shown.Names());
            Assert.Contains("dotnet_gc_collections_total", shown.Names());
            Assert.DoesNotContain(room, shown.Text, StringComparison.Ordinal);
            Assert.DoesNotContain(shown.Labels(), AnyId().IsMatch);
        }
    }

    [Fact]
    public async Task Metrics_cannot_be_had_through_the_public_origin()
    {
        using var answer = await http.GetAsync(new Uri(system.Deployment.Web, "/metrics"));

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    private static async Task<(string User, string Token)> Read(HttpResponseMessage admitted)
    {
        var answer = await admitted.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();
        return (answer.GetProperty("userID").GetString()!, answer.GetProperty("token").GetString()!);
    }

    private async Task<string> Missing(IReadOnlyList<(string File, string Query)> queries)
    {
        var there = (await All()).SelectMany(shown => shown.Samples()).ToLookup(sample => sample.Name, StringComparer.Ordinal);
        var missing = queries.SelectMany(query => Demand.Of(query.Query)
            .Select(demand => OnlyByFaults.Contains(demand) ? demand with { Value = null } : demand)
            .Where(demand => !there[demand.Metric].Any(demand.IsMetBy)).Select(demand => $"{query.File}: {demand}")).Distinct().ToList();
        return missing.Count == 0 ? "" : throw new InvalidOperationException(string.Join('\n', missing));
    }

    private Task<Exposed[]> All() => Task.WhenAll(system.Services.Select(service => Exposed.By(http, service)));

    /// <summary>UUIDs, traces and the like.</summary>
    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-|[0-9a-f]{16}")]
    private static partial Regex AnyId();
}
