using EventRtc.Local;
using EventRtc.Visitors;
using Xunit;

[assembly: AssemblyFixture(typeof(EventRtc.EndToEnd.Tests.RunningSystem))]
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace EventRtc.EndToEnd.Tests;

/// <summary>
/// One deployment for all tests of this assembly: the same that <c>ops/up</c> starts, on free ports. With EVENTRTC_URL it is the one behind that address, which only the tests
/// with the trait <see cref="From"/> <see cref="Outside"/> are for; EVENTRTC_TOKEN is an operator's token for it.
/// </summary>
public sealed class RunningSystem : IAsyncLifetime
{
    private readonly DirectoryInfo folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"eventrtc-e2e-{Guid.NewGuid():N}"));

    /// <summary>For what tests make; goes away with them.</summary>
    public string Folder => folder.FullName;

    public const string From = nameof(From);
    public const string Outside = nameof(Outside);

    private Deployment? own;

    /// <exception cref="InvalidOperationException">It runs elsewhere: nobody can look into it from here.</exception>
    public Deployment Deployment => own ?? throw new InvalidOperationException("This test looks into the deployment, and with EVENTRTC_URL there is none to look into");

    /// <summary>The one origin of pages, calls and media.</summary>
    public Uri Web { get; private set; } = null!;

    public RoomApi Rooms { get; private set; } = null!;

    /// <summary><see cref="LogSearch"/> looks for secrets in all that is logged. The framework's debug lines would be most of it, and of the work; a gateway's are searched in a test of its own.</summary>
    private static readonly Dictionary<string, string> Talkative =
        new(StringComparer.Ordinal) { ["LOG_LEVEL"] = "debug", ["LOG_LEVEL__MICROSOFT"] = "info", ["LOG_LEVEL__SYSTEM"] = "info" };

    public async ValueTask InitializeAsync()
    {
        if (Environment.GetEnvironmentVariable("EVENTRTC_URL") is { Length: > 0 } url)
        {
            Web = new Uri(url);
            Rooms = new RoomApi(Web, Environment.GetEnvironmentVariable("EVENTRTC_TOKEN") is { Length: > 0 } token ? token : null);
            return;
        }
        own = await Deployment.Start(folder.FullName, DeploymentPorts.Free(), settings: Talkative);
        Web = own.Web;
        Rooms = new RoomApi(Web);
    }

    public async ValueTask DisposeAsync()
    {
        Rooms.Dispose();
        try
        {
            if (own is null)
                return;
            await own.DisposeAsync();
            LogSearch.AssertNoSecretIsIn(own);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
