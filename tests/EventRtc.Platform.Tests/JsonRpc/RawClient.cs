using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace EventRtc.Platform.Tests.JsonRpc;

/// <summary>A WebSocket client that sends what no well-behaved peer would.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly ClientWebSocket socket = new();
    private readonly byte[] buffer = new byte[1 << 20];

    public static async Task<RawClient> Connect(Uri address)
    {
        var client = new RawClient();
        await client.socket.ConnectAsync(address, CancellationToken.None);
        return client;
    }

    public Task Send(string text) => Send(Encoding.UTF8.GetBytes(text));

    public Task Send(byte[] bytes, WebSocketMessageType type = WebSocketMessageType.Text, bool endOfMessage = true) =>
        socket.SendAsync(bytes, type, endOfMessage, CancellationToken.None);

    /// <summary>The next message, or null when the other side closed.</summary>
    public async Task<JsonElement?> Receive()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var length = 0;
        while (true)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(length), limit.Token);
            if (read.MessageType is WebSocketMessageType.Close)
                return null;
            length += read.Count;
            if (read.EndOfMessage)
                return JsonElement.Parse(buffer.AsSpan(0, length));
        }
    }

    /// <summary>Reads until the other side closes.</summary>
    public async Task<(int Code, string Reason)> Closed()
    {
        while (await Receive() is not null)
        {
            // Whatever was under way before the close is not of interest here.
        }
        return ((int)socket.CloseStatus!, socket.CloseStatusDescription ?? "");
    }

    public Task Close() => socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", CancellationToken.None);

    public void Abort() => socket.Abort();

    public void Dispose() => socket.Dispose();
}
