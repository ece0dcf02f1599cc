using System.Net.WebSockets;
using System.Text.Json;

namespace EventRtc.Ops.Doctor.Checks;

/// <summary>What a Janus tells everybody: its version and plugins.</summary>
internal static class JanusInfo
{
    private const int LargestAnswer = 256 * 1024;

    /// <exception cref="WebSocketException">Janus does not answer.</exception>
    /// <exception cref="JsonException">Somebody else does.</exception>
    public static async Task<JsonElement> Ask(Uri url, TimeSpan patience, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(patience);
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("janus-protocol");
        await socket.ConnectAsync(url, limit.Token);
        await socket.SendAsync("""{"janus":"info","transaction":"doctor"}"""u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, limit.Token);
        return await socket.ReadJson(LargestAnswer, limit.Token);
    }

    /// <summary>The next message.</summary>
    /// <exception cref="WebSocketException">None comes: the other side closes, or sends too much.</exception>
    public static async Task<JsonElement> ReadJson(this WebSocket socket, int most, CancellationToken ct)
    {
        var (buffer, length) = (new byte[most], 0);
        while (length < most)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(length), ct);
            length += part.Count;
            if (part.MessageType is WebSocketMessageType.Close)
                throw new WebSocketException(WebSocketError.ConnectionClosedPrematurely);
            if (part.EndOfMessage)
                return JsonElement.Parse(buffer.AsSpan(0, length));
        }
        throw new WebSocketException(WebSocketError.Faulted);
    }
}
