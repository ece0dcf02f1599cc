using System.Net;
using System.Net.WebSockets;

namespace EventRtc.Ops.Doctor.Checks;

/// <summary>The one origin that browsers see has the pages, and hands on to every service behind it.</summary>
internal static class WebCheck
{
    /// <summary>No room has this id, so that everybody may ask for it: the refusal tells who answered.</summary>
    private const string Nobody = "doctor-nobody";

    /// <summary>What a gateway closes a connection without a token with.</summary>
    private const int Unauthorized = 4001;

    public static Task Look(Report report, Rest web, TimeSpan patience, CancellationToken ct) => Task.WhenAll(
        Page(report.Part(), web, "", ct),
        Page(report.Part(), web, "studio/", ct),
        Page(report.Part(), web, "listen/", ct),
        Service(report.Part(), web, "rooms", HttpMethod.Get, $"api/rooms/{Nobody}", null, ct),
        Service(report.Part(), web, "users", HttpMethod.Post, $"api/rooms/{Nobody}/users", new { role = "guest" }, ct),
        Service(report.Part(), web, "hls tokens", HttpMethod.Post, "api/token", new { roomId = Nobody }, ct),
        Service(report.Part(), web, "hls media", HttpMethod.Get, $"hls/rooms/{Nobody}/stream.m3u8", null, ct),
        WebSocket(report.Part(), web, patience, ct));

    private static Task Page(Report report, Rest web, string path, CancellationToken ct) => Ask(report, web, $"/{path}", async () =>
    {
        var answer = await web.Send(HttpMethod.Get, path, ct: ct);
        report.Demand(
            answer is { Status: HttpStatusCode.OK, ContentType: "text/html" }, $"/{path}", $"{(int)answer.Status} {answer.ContentType}",
            "The web server does not have the pages: is the web app built, and does its root name the folder?");
    }, ct);

    /// <summary>Every service of ours refuses with a code.</summary>
    private static Task Service(Report report, Rest web, string service, HttpMethod method, string path, object? body, CancellationToken ct) => Ask(report, web, service, async () =>
    {
        var answer = await web.Send(method, path, body, ct: ct);
        if (answer is { Status: HttpStatusCode.ServiceUnavailable, Code: not null })
            report.Fail(service, $"answers {answer.Words}", "Something that it needs is away, see 'services'.");
        else
            report.Demand(answer.Code is not null, service, answer.Code is null ? $"/{path} is answered with {(int)answer.Status} by somebody else" : $"answers at /{path}", $"The web server must hand /{path} on to it, and it must run: ops/nginx/eventrtc.conf shows how.");
    }, ct);

    private static Task WebSocket(Report report, Rest web, TimeSpan patience, CancellationToken ct) => Ask(report, web, "gateway", async () =>
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(patience);
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(web.SocketAt("ws"), limit.Token);
        await socket.ReceiveAsync(new byte[1024].AsMemory(), limit.Token);
        var code = (int?)socket.CloseStatus;
        report.Demand(code == Unauthorized, "gateway", code == Unauthorized ? "answers at /ws" : $"/ws is closed with {code}", "Somebody else answers at /ws, or the gateway turns this machine away as it came too often.");
    }, ct);

    private static async Task Ask(Report report, Rest web, string about, Func<Task> ask, CancellationToken ct)
    {
        try
        {
            await ask();
        }
        catch (Exception fault) when (Reach.Explains(fault, ct))
        {
            report.Fail(about, $"{web.Url} {Reach.Why(fault)}", "Is the web server running, and whoever it hands this on to? DOCTOR_WEB_URL says where it is expected.");
        }
    }
}
