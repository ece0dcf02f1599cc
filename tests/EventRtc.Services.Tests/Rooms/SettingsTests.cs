using EventRtc.Local;
using EventRtc.Local.Servers;
using Xunit;

namespace EventRtc.Services.Tests.Rooms;

/// <summary>Settings that cannot be used end the start with exit code 78 and one line that names each of them.</summary>
public sealed class SettingsTests
{
    /// <summary>Of a net that is there for examples (RFC 5737): no machine has it.</summary>
    private const string Nobodys = "192.0.2.1";
    private const string NobodysAddress = $"{Nobodys}:3000";

    private const string Rooms = "services/Rooms/EventRtc.Rooms";
    private const string Users = "services/Users/EventRtc.Users";
    private const string Gateway = "services/Gateway/EventRtc.Gateway";
    private const string Hls = "services/Hls/EventRtc.Hls";
    private const string Janus = "services/Janus/EventRtc.Janus";
    private const string Mixer = "services/Mixer/EventRtc.Mixer";

    /// <summary>What each needs beside <c>JWT_SECRET</c>; all of it can be used.</summary>
    private static readonly Dictionary<string, (string Name, string Value)[]> Needed = new()
    {
        [Gateway] = [("JANUS_TOKEN_KEY", new('7', 64))],
        [Hls] = [("HLS_KEY_SECRET", new('s', 32)), ("HLS_MEDIA_ADDR", "127.0.0.1:0")],
        [Janus] = [("JANUS_ID", "janus-1"), ("JANUS_ADMIN_SECRET", new('s', 16)), ("JANUS_ADMIN_KEY", new('k', 16))],
        [Mixer] = [("MIXER_ID", "mixer-1"), ("MIXER_HLS_ADDR", "127.0.0.1:0"), ("HLS_KEY_SECRET", new('s', 32))],
    };

    private static readonly (string Project, (string Name, string? Value)[] Wrong)[] Cases =
    [
        (Rooms, [("POSTGRES_DSN", "nonsense"), ("POSTGRES_STATEMENT_TIMEOUT", "5"), ("POSTGRES_MAX_CONNECTIONS", "0")]),
        (Rooms, [("REDIS_ADDR", "redis://localhost:6379"), ("REDIS_COMMAND_TIMEOUT", "0s"), ("REDIS_DATABASE", "-1"), ("REDIS_TLS", "maybe")]),
        (Rooms, [("ETCD_ENDPOINTS", "localhost:2379,ftp://other"), ("ETCD_DIAL_TIMEOUT", "soon"), ("ETCD_CALL_TIMEOUT", "0s")]),
        (Rooms, [("ETCD_PREFIX_ROOM_STORE", "rooms"), ("ETCD_PREFIX_JANUS_STORE", "/januses"), ("ETCD_PREFIX_MIXER_STORE", "mixers/")]),
        (Rooms, [("ETCD_PREFIX_JANUS_STORE", "/rooms/januses/"), ("ETCD_PREFIX_MIXER_STORE", "/rooms/")]),
        (Rooms, [("HLS_ADV_URL", "/hls/")]),
        (Rooms, [("HOUSEKEEPING_DISCARD_AFTER", "500ms"), ("HOUSEKEEPING_OVER_AGE", "169h")]),
        (Rooms, [("RPC_SERVER_PARALLELISM", "0"), ("RPC_SERVER_RECLAIM_AFTER", "0s"), ("RPC_SERVER_KEEP_FOR", "0s"), ("RPC_SERVER_STOP_GRACE", "1 s")]),
        (Rooms, [("JWT_SECRET", "too short"), ("JWT_LIFETIME", "0s")]),
        (Rooms, [("JWT_SECRET", null)]),
        (Rooms, [("JWT_PREVIOUS_SECRET", "too short")]),
        (Users, [("JWT_PREVIOUS_SECRET", new('s', 32))]),
        (Rooms, [("AUTH_MODE", "closed")]),
        (Rooms, [("AUDIT_KEY_FILE", "/nowhere/key.pem")]),
        (Rooms, [("LOG_LEVEL", "loud")]),
        (Rooms, [("LOG_LEVEL__ROOM_SVC", "loud"), ("LOG_LEVEL_OTHER", "info"), ("APP_LOG_CONFIG_FILE", "/nowhere/log.json"), ("JWT_PREVIOUS_SECRET", new('s', 32)), ("AUDIT_KEY_FILE", "/nowhere/key.pem"), ("HLS_ADV_URL", "/hls/")]),
        (Users, [("APP_SHUTDOWN_TIMEOUT", "-1s")]),
        (Users, [("AUTH_MODE", "none")]),
        (Users, [("RPC_CLIENT_TIMEOUT", "0s")]),
        (Users, [("PRESENCE_EXPIRE_AFTER", "0s"), ("PRESENCE_SWEEP_EVERY", "0s"), ("PRESENCE_LEADER_TTL", "0s")]),
        (Users, [("PRESENCE_EXPIRE_AFTER", "5s")]),
        (Users, [("RETRY_LONGEST", "50ms")]),
        (Users, [("REDIS_TLS_CA_FILE", "/nowhere/ca.pem")]),
        (Users, [("REDIS_TLS_CA_FILE", "/etc/passwd")]),
        (Gateway, [("GATEWAY_TRUSTED_PROXIES", "127.0.0.1,foo"), ("GATEWAY_ID", "a:b"), ("GATEWAY_LOCK_TTL", "0s"), ("GATEWAY_RECONNECT_RATE", "0")]),
        (Gateway, [("LIMIT_MESSAGE_BURST", "0"), ("LIMIT_CONNECTIONS_PER_IP", "many")]),
        (Gateway, [("JANUS_TOKEN_KEY", new('7', 63))]),
        (Gateway, [("JANUS_TOKEN_KEY", new('g', 64))]),
        (Gateway, [("JANUS_TOKEN_KEY", null)]),
        (Gateway, [("JWT_SECRET", new('s', 31))]),
        (Hls, [("HLS_KEY_SECRET", new('s', 31))]),
        (Hls, [("HLS_KEY_SECRET", null)]),
        (Mixer, [("HLS_KEY_SECRET", new('s', 31))]),
        (Mixer, [("HLS_KEY_SECRET", null)]),
        (Hls, [("HLS_MEDIA_ADDR", NobodysAddress)]),
        (Mixer, [("MIXER_HLS_ADDR", NobodysAddress), ("MIXER_IP", Nobodys)]),
        (Mixer, [("MIXER_WORK_DIR", "/proc/nowhere")]),
        (Mixer, [("MIXER_WORK_DIR", "/etc/passwd")]),
        (Janus, [("JANUS_ADMIN_SECRET", new('s', 15)), ("JANUS_ADMIN_KEY", new('k', 15))]),
        (Janus, [("JANUS_ARRIVAL_PATIENCE", "500ms")]),
        (Janus, [("JANUS_ADMIN_SECRET", null), ("JANUS_ADMIN_KEY", null)]),
    ];

    [Fact]
    public async Task A_service_names_every_variable_it_cannot_use()
    {
        using var folder = new TestFolder();
        await Parallel.ForEachAsync(Cases, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (wrong, _) => await MustRefuse(folder, wrong.Project, wrong.Wrong));
    }

    [Fact]
    public async Task An_address_in_use_is_named()
    {
        using var folder = new TestFolder();
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        var port = ((System.Net.IPEndPoint)taken.LocalEndpoint).Port;

        var lines = await LinesOf(folder, Users, port, []);
        Assert.Equal([$"users cannot start: HTTP_ADDR: '127.0.0.1:{port}' cannot be used: Address already in use"], lines);
    }

    private static async Task MustRefuse(TestFolder folder, string project, (string Name, string? Value)[] wrong)
    {
        var line = Assert.Single(await LinesOf(folder, project, FreePort.Any(), wrong));
        Assert.Contains(" cannot start: ", line, StringComparison.Ordinal);
        Assert.All(wrong, variable => Assert.Contains($"{variable.Name}: ", line, StringComparison.Ordinal));
    }

    private static async Task<string[]> LinesOf(TestFolder folder, string project, int port, (string Name, string? Value)[] wrong)
    {
        var variables = new Dictionary<string, string?> { ["JWT_SECRET"] = new('s', 32) };
        foreach (var (name, value) in Needed.GetValueOrDefault(project, []))
            variables[name] = value;
        foreach (var (name, value) in wrong)
            variables[name] = value;
        await using var service = new ServiceProcess("service", folder.Sub($"{Guid.NewGuid():N}"), project, port, variables);

        var failure = await Assert.ThrowsAsync<ServerStartException>(() => service.Start());
        Assert.Contains("exit code 78", failure.Message, StringComparison.Ordinal);
        return await File.ReadAllLinesAsync(service.LogFile);
    }
}
