using EventRtc.Local;
using EventRtc.Local.Servers;
using EventRtc.Visitors;
using Xunit;

namespace EventRtc.EndToEnd.Tests.Telemetry;

/// <summary>Tests that share one <see cref="TracedSystem"/>.</summary>
[CollectionDefinition]
public sealed class Traced : ICollectionFixture<TracedSystem>;

/// <summary>A deployment that sends traces and metrics to a collector.</summary>
public sealed class TracedSystem : IAsyncLifetime
{
    private readonly DirectoryInfo folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"eventrtc-e2e-{Guid.NewGuid():N}"));

    public Collector Collector { get; private set; } = null!;

    public Deployment Deployment { get; private set; } = null!;

    public RoomApi Rooms { get; private set; } = null!;

    public IReadOnlyList<ServiceProcess> Services => [.. Deployment.Stages.SelectMany(stage => stage).OfType<ServiceProcess>()];

    public async ValueTask InitializeAsync()
    {
        Collector = await Collector.Start();
        Deployment = await Deployment.Start(folder.FullName, DeploymentPorts.Free(), settings: new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["OTEL_TRACING_ENABLED"] = "true",
            ["OTEL_METRICS_ENABLED"] = "true",
            ["OTEL_METRICS_INTERVAL"] = "1s",
            ["OTEL_ENDPOINT"] = Collector.Address,
            ["OTEL_INSECURE"] = "true",
        });
        Rooms = new RoomApi(Deployment.Web);
    }

    public async ValueTask DisposeAsync()
    {
        await Deployment.DisposeAsync();
        await Collector.DisposeAsync();
        Rooms.Dispose();
        try
        {
            LogSearch.AssertNoSecretIsIn(Deployment);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
