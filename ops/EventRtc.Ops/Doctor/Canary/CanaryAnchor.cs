using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using EventRtc.Ops.Doctor.Checks;

namespace EventRtc.Ops.Doctor.Canary;

/// <summary>What an anchor does before the browser's media comes into play: is admitted, connects to a gateway, joins, leaves.</summary>
internal sealed class CanaryAnchor(CanaryRoom room, Rest web, string? token, TimeSpan patience)
{
    private const int LargestMessage = 64 * 1024;

    public async Task Joins(Report report, CancellationToken ct)
    {
        try
        {
            var admitted = await web.Send(HttpMethod.Post, $"api/rooms/{room.Id}/users", new { role = "anchor" }, token, ct);
            if (admitted.Status is not HttpStatusCode.OK || admitted.Text("token") is not { } pass)
            {
                report.Fail("anchor", $"is not admitted: {admitted.Words}{admitted.Trace}", "The users service must see etcd and Redis, and its AUTH_MODE and JWT_SECRET must be those of the rooms service.");
                return;
            }
            await Join(report, pass, ct);
        }
        catch (Exception fault) when (Reach.Explains(fault, ct) || fault is JsonException)
        {
            report.Fail("anchor", $"does not get in: {web.Url} {Reach.Why(fault)}", "See 'web' and 'services': an anchor needs the users service and a gateway.");
        }
    }

    private async Task Join(Report report, string pass, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(patience);
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {pass}");
        await socket.ConnectAsync(web.SocketAt("ws"), limit.Token);
        var answer = await Call(socket, 1, "join", new { room.Pin, ClientId = Guid.NewGuid() }, limit.Token);
        if (answer.TryGetProperty("result", out _))
        {
            report.Ok("anchor", "was admitted and has joined");
            await Call(socket, 2, "leave", null, limit.Token);
        }
        else
            report.Fail("anchor", $"cannot join: {(answer.TryGetProperty("error", out var error) ? error.GetProperty("message") : "no result")}", "The gateway's log says why; it needs the room's Janus at JANUS_WS_URL, see 'janus'.");
    }

    /// <summary>Passes over what the gateway tells meanwhile.</summary>
    private static async Task<JsonElement> Call(ClientWebSocket socket, int number, string method, object? parameters, CancellationToken ct)
    {
        await socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(new { jsonrpc = "2.0", id = number, method, @params = parameters }, JsonSerializerOptions.Web), WebSocketMessageType.Text, endOfMessage: true, ct);
        while (true)
            if (await socket.ReadJson(LargestMessage, ct) is var message && message.TryGetProperty("id", out var id) && id.ValueKind is JsonValueKind.Number && id.GetInt32() == number)
                return message;
    }
}
