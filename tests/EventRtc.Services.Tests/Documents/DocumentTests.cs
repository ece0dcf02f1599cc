using EventRtc.Local;
using EventRtc.Local.Servers;
using EventRtc.Services.Tests.Roles;
using Xunit;

namespace EventRtc.Services.Tests.Documents;

/// <summary>The documents as the processes serve them, to a caller without a token.</summary>
[Collection(ControlPlaneCollection.Name)]
public sealed class DocumentTests(TokenMode services) : IClassFixture<TokenMode>
{
    [Theory]
    [InlineData("rooms")]
    [InlineData("users")]
    [InlineData("hls")]
    [InlineData("projector")]
    public async Task A_service_serves_a_valid_and_whole_document(string service) => (await services[service].Document()).MustBeWhole(service);
}

/// <summary>Those of services that have little to say over HTTP.</summary>
public sealed class WorkerDocumentTests(WorkersOnly workers) : IClassFixture<WorkersOnly>
{
    [Theory]
    [InlineData("janus")]
    [InlineData("mixer", "GET /rooms/{room}/{file}")]
    [InlineData("gateway", "GET /ws")]
    public async Task A_worker_serves_a_valid_and_whole_document(string service, params string[] routes)
    {
        using var api = new Api(workers[service]);
        var document = await api.Document();

        document.MustBeWhole(service);
        Assert.Equal(routes, document.Operations.Select(operation => operation.ToString()).Where(route => !route.Contains("/health", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_is_not_there_is_answered_as_the_documents_say()
    {
        using var mixer = new Api(workers["mixer"]);
        using var gateway = new Api(workers["gateway"]);

        Assert.Equal((404, "not_found"), await mixer.Get("/rooms/abc/stream.m3u8") is var file ? (file.Status, file.Code) : default);
        Assert.Equal((426, "websocket_expected"), await gateway.Get("/ws") is var socket ? (socket.Status, socket.Code) : default);
    }
}

/// <summary>One of each worker and a gateway, with a Janus that has nothing to do.</summary>
public sealed class WorkersOnly : IAsyncLifetime
{
    private readonly TestFolder folder = new();
    private Deployment deployment = null!;

    internal Uri this[string service] => (service switch
    {
        "janus" => deployment.JanusWorker,
        "mixer" => deployment.MixerWorker,
        _ => deployment.Gateways[0],
    }).Url;

    public async ValueTask InitializeAsync() => deployment = await Deployment.Start(
        folder.Sub("deployment"), DeploymentPorts.Free(), part: d => [d.Redis, d.Etcd, d.Janus, d.JanusWorker, d.MixerWorker, d.Gateways[0]]);

    public async ValueTask DisposeAsync()
    {
        await deployment.DisposeAsync();
        folder.Dispose();
    }
}
