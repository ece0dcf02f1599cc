using EventRtc.Local;
using EventRtc.Visitors;
using Xunit;

namespace EventRtc.EndToEnd.Tests;

/// <summary>Tests that share one <see cref="RedundantSystem"/>.</summary>
[CollectionDefinition]
public sealed class Redundant : ICollectionFixture<RedundantSystem>;

/// <summary>A deployment with two of everything that may fail.</summary>
public sealed class RedundantSystem : IAsyncLifetime
{
    private readonly DirectoryInfo folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"eventrtc-e2e-{Guid.NewGuid():N}"));

    public Deployment Deployment { get; private set; } = null!;

    public RoomApi Rooms { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Deployment = await Deployment.Start(folder.FullName, DeploymentPorts.Free(), redundant: true);
        Rooms = new RoomApi(Deployment.Web);
    }

    public async ValueTask DisposeAsync()
    {
        await Deployment.DisposeAsync();
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
