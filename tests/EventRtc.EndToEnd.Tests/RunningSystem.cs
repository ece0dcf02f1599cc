using EventRtc.Local;
using EventRtc.Visitors;
using Xunit;

[assembly: AssemblyFixture(typeof(EventRtc.EndToEnd.Tests.RunningSystem))]
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace EventRtc.EndToEnd.Tests;

/// <summary>One deployment for all tests of this assembly: the same that <c>ops/up</c> starts, on free ports.</summary>
public sealed class RunningSystem : IAsyncLifetime
{
    private readonly DirectoryInfo folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"eventrtc-e2e-{Guid.NewGuid():N}"));

    public Deployment Deployment { get; private set; } = null!;

    public RoomApi Rooms { get; private set; } = null!;

    /// <summary>Everything that can be logged is: <see cref="LogTests"/> looks for secrets in it.</summary>
    private static readonly Dictionary<string, string> Talkative =
        new(StringComparer.Ordinal) { ["LOG_LEVEL"] = "debug", ["LOG_LEVEL__MICROSOFT"] = "debug", ["LOG_LEVEL__SYSTEM"] = "debug" };

    public async ValueTask InitializeAsync()
    {
        Deployment = await Deployment.Start(folder.FullName, DeploymentPorts.Free(), settings: Talkative);
        Rooms = new RoomApi(Deployment.Web);
    }

    public async ValueTask DisposeAsync()
    {
        await Deployment.DisposeAsync();
        Rooms.Dispose();
        folder.Delete(recursive: true);
    }
}
