using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using EventRtc.Contracts.Tokens;
using EventRtc.Domain;
using EventRtc.JsonRpc;
using EventRtc.Local;
using EventRtc.Local.Servers;
using EventRtc.Visitors;
using Xunit;

namespace EventRtc.EndToEnd.Tests;

/// <summary>
/// Whatever services and servers have logged, of this test and of all that ran before it on the same system, at debug level: no pin, no token and no key is in it. What comes later, and the
/// other systems of a run, are searched at their end.
/// </summary>
[Collection(Last.Name)]
public sealed partial class LogTests(RunningSystem system, ITestOutputHelper output)
{
    private const string WrongPin = "Wr0ngP";
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task No_log_holds_a_pin_a_token_or_a_key()
    {
        var used = await UseEverySecret();

        var logs = LogSearch.Logs(system.Deployment);
        await Eventually.True(() => logs.Any(log => log.Name.StartsWith("gateway", StringComparison.Ordinal) && LogSearch.Read(log).Contains("/ws?token=***", StringComparison.Ordinal)), Soon, "a gateway logs the call with its token hidden");
        await EachLogsADebugLine();
        output.WriteLine($"{used.Count} secrets looked for in {logs.Sum(log => log.Length)} bytes of {string.Join(", ", logs.Select(log => log.Name))}");
        LogSearch.AssertNoSecretIsIn(system.Deployment, used);
    }

    [Fact]
    public async Task Whatever_was_done_for_a_room_is_found_by_its_id_in_the_logs_of_all_who_did_it()
    {
        var at = system.Deployment;
        var room = $"logs-{Guid.NewGuid():N}"[..20];
        var port = (await system.Rooms.OnAir(room)).GetProperty("rtpPort").GetInt32();
        await system.Rooms.Remove(room);

        (ServiceProcess Who, string Line)[] expected =
        [
            (at.Rooms, $@"POST /api/rooms/{room}/start was answered 200 after \d+ ms room={room} command=[0-9a-f-]{{36}} trace=[0-9a-f]{{32}}$"),
            (at.Rooms, $@"reportMixerPort called by mixer@\S+ is answered room={room} command=[0-9a-f-]{{36}} correlation=[0-9a-f]{{32}} trace=[0-9a-f]{{32}}$"),
            (at.Projector, $@"room-{room} is shown up to version \d+ room={room} position=\d+ command=[0-9a-f-]{{36}} correlation=[0-9a-f]{{32}} trace=[0-9a-f]{{32}}$"),
            (at.JanusWorker, $@"ResourceMgr\.JanusWorker {room}: bridge \d+ is made"),
            (at.MixerWorker, $@"ResourceMgr\.MixerWorker ffmpeg listens on port {port} room={room}"),
        ];
        foreach (var (who, line) in expected)
            await Eventually.True(() => LogSearch.Read(new FileInfo(who.LogFile)).Split('\n').Any(written => Regex.IsMatch(written, line)), Soon, $"{who.Name} has written {line}");
    }

    /// <summary>An operator, an anchor at a browser, one at a gateway who loses the connection, somebody with a wrong pin, one with a forged token, and a listener.</summary>
    private async Task<IReadOnlyList<Secret>> UseEverySecret()
    {
        var at = system.Deployment;
        var room = $"logs-{Guid.NewGuid():N}"[..20];
        await system.Rooms.OnAir(room);
        var staff = new StaffTokens(new JwtOptions { Secret = at.Secrets.Jwt }, TimeProvider.System).For(StaffRole.Operator, "ann", TimeSpan.FromMinutes(5));
        await using var ada = await Studio.GoOnAir(at.Web, room, await Tone.MakeWav(at.Folder, 1000), "Ada");
        var (user, token) = await Admit(room);
        var forged = $"{token[..token.LastIndexOf('.')]}.{new string('x', 43)}";

        await using var visitor = await GatewayClient.Connect(Gateway(token), user);
        await Assert.ThrowsAsync<RpcException>(() => visitor.Join(WrongPin));
        await visitor.Join(RoomApi.Pin);
        await visitor.Offer();
        visitor.Drop();
        await visitor.Closed;
        await using var again = await GatewayClient.Connect(Gateway(token), visitor);
        await again.Ask("join", new { clientId = again.ClientId, pin = RoomApi.Pin, jtoken = visitor.Jtoken });
        await using var refused = await GatewayClient.Connect(Gateway(forged), user);
        await refused.Closed;

        await Eventually.True(async () => await new Listener(system.Rooms, room).ToneRatio() >= Listener.Distinct, Soon, "the tone is in the decrypted HLS");
        var (key, nonce) = await KeyOf(room);
        await ReadWithSecrets(room, staff);
        var page = await ada.Page.EvaluateAsync<string>("room => JSON.parse(sessionStorage.getItem(`eventrtc:seat:${room}`)).token", room);
        await system.Rooms.Remove(room);

        return
        [
            new("a wrong pin", WrongPin), new("the page's token", page), new("the visitor's token", token), new("a forged token", forged),
            new("the staff's token", staff), new("a jtoken", visitor.Jtoken!), new("the nonce", nonce),
            new("the AES key", Convert.ToHexString(key)), new("the AES key", Convert.ToHexStringLower(key)), new("the AES key", Convert.ToBase64String(key)),
        ];
    }

    private async Task<(UserId User, string Token)> Admit(string room)
    {
        using var http = new HttpClient { BaseAddress = system.Deployment.Web };
        using var answer = await http.PostAsJsonAsync($"/api/rooms/{room}/users", new { role = "anchor" });
        var admitted = await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();
        return (new UserId(admitted.GetProperty("userID").GetString()!), admitted.GetProperty("token").GetString()!);
    }

    private Uri Gateway(string token) => new($"ws://{system.Deployment.Web.Authority}/ws?token={token}");

    private async Task<(byte[] Key, string Nonce)> KeyOf(string room)
    {
        using var playlist = await system.Rooms.Media(room, "stream.m3u8");
        var address = KeyAddress().Match(await playlist.Content.ReadAsStringAsync());
        using var key = await system.Rooms.Media(room, address.Groups["file"].Value, await system.Rooms.ListenerToken(room));
        return (await key.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync(), address.Groups["nonce"].Value);
    }

    /// <summary>A call to each, as workers may have had no other reason for one.</summary>
    private async Task EachLogsADebugLine()
    {
        using var http = new HttpClient();
        foreach (var service in system.Deployment.Stages.SelectMany(stage => stage).OfType<ServiceProcess>())
        {
            using var answer = await http.GetAsync(new Uri(service.Url, "/nothing"));
            await Eventually.True(() => LogSearch.Read(new FileInfo(service.LogFile)).Contains(" DBG ", StringComparison.Ordinal), Soon, $"{service.Name} logs debug lines");
        }
    }

    /// <summary>What operators alone are shown.</summary>
    private async Task ReadWithSecrets(string room, string token)
    {
        using var http = new HttpClient { BaseAddress = system.Deployment.Web };
        http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        Assert.Contains(RoomApi.Pin, await http.GetStringAsync(new Uri($"/api/rooms/{room}/history", UriKind.Relative)), StringComparison.Ordinal);
    }

    [GeneratedRegex("""URI="(?<file>enc\.key\?n=(?<nonce>[^"]+))""")]
    private static partial Regex KeyAddress();
}
