using EventRtc.Janus.Admin;
using EventRtc.Local.Servers;

namespace EventRtc.Services.Tests.Janus;

/// <summary>The Janus worker as the process that it is, with a real Janus. Its clocks run fast.</summary>
public class JanusRig : WorkerRig
{
    internal JanusServer Server { get; private set; } = null!;

    internal JanusAdmin Janus { get; private set; } = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Server = await JanusServer.Start(Sub("janus"));
        Janus = new JanusAdmin(new JanusAccess(Server.AdminUrl, Server.AdminSecret, Server.AdminKey, TimeSpan.FromSeconds(5)));
        await Start("janus-worker", "services/Janus/EventRtc.Janus", new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["JANUS_ID"] = JanusId.Value,
            ["JANUS_ADMIN_URL"] = $"{Server.AdminUrl}",
            ["JANUS_ADMIN_SECRET"] = Server.AdminSecret,
            ["JANUS_ADMIN_KEY"] = Server.AdminKey,
            ["JANUS_WS_URL"] = $"{Server.WebSocketUrl}",
            ["JANUS_RECHECK"] = "300ms",
            ["JANUS_PROBE"] = "100ms",
            ["JANUS_TIMEOUT"] = "500ms",
        });
    }

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await base.DisposeAsync();
        Janus.Dispose();
        await Server.DisposeAsync();
    }
}
