using EventRtc.Contracts.Tokens;
using EventRtc.Domain;
using EventRtc.Local;
using EventRtc.Local.Servers;
using EventRtc.Projections;
using Xunit;

namespace EventRtc.Services.Tests.Roles;

/// <summary>The services once more, as they are where strangers come: with <c>AUTH_MODE=token</c>, which is the default.</summary>
public sealed class TokenMode(ControlPlane plane) : IAsyncLifetime
{
    private readonly Dictionary<string, ServiceProcess> processes = new()
    {
        ["rooms"] = plane.Replica(plane.Deployment.Rooms, ("AUTH_MODE", null)),
        ["users"] = plane.Replica(plane.Deployment.Users, ("AUTH_MODE", null)),
        ["projector"] = plane.Replica(plane.Deployment.Projector, ("AUTH_MODE", null)),
        ["hls"] = plane.Replica(plane.Deployment.Hls, ("HLS_MEDIA_ADDR", $"127.0.0.1:{FreePort.Any()}")),
    };

    private Dictionary<string, Api> apis = [];

    internal Api this[string service] => apis[service];

    internal Uri UrlOf(string service) => processes[service].Url;

    public async ValueTask InitializeAsync()
    {
        await Task.WhenAll(processes.Values.Select(process => process.Start()));
        apis = processes.ToDictionary(service => service.Key, service => new Api(service.Value.Url));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var api in apis.Values)
            api.Dispose();
        foreach (var process in processes.Values)
            await process.DisposeAsync();
    }
}

/// <summary>A room on air, and the tokens of everybody who may come to it.</summary>
/// <param name="Anchor">The user whom calls about a user are about.</param>
internal sealed record Scene(string Room, UserId Anchor, IReadOnlyDictionary<string, string?> Tokens)
{
    public static async Task<Scene> Set(ControlPlane plane)
    {
        var (id, other) = (await plane.CreateForwarding(), await plane.Create());
        var (anchor, token) = await plane.Admit(id);
        await Eventually.True(async () => await plane.ViewOf<LiveMeta>(new ViewKeys().Live(new RoomId(id))) is not null, ControlPlane.Patience, "the room is shown");
        return new Scene(id, anchor, new Dictionary<string, string?>
        {
            ["nobody"] = null,
            ["listener"] = plane.Tokens.ForListener(new RoomId(id)),
            ["guest"] = (await plane.Admit(id, "guest")).Token,
            ["anchor"] = token,
            ["host"] = (await plane.Admit(id, "host")).Token,
            ["host elsewhere"] = (await plane.Admit(other, "host")).Token,
            ["auditor"] = plane.StaffToken(StaffRole.Auditor),
            ["operator"] = plane.StaffToken(StaffRole.Operator),
        });
    }

    public string Fill(string path) => path
        .Replace("{id}", Room, StringComparison.Ordinal)
        .Replace("{userId}", Anchor.Value, StringComparison.Ordinal)
        .Replace("{type}", "januses", StringComparison.Ordinal)
        .Replace("{position}", "999999999", StringComparison.Ordinal)
        .Replace("{file}", "stream.m3u8", StringComparison.Ordinal);
}
