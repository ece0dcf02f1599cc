using System.Net.WebSockets;
using EventRtc.JsonRpc;
using EventRtc.JsonRpc.WebSockets;
using EventRtc.Local;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventRtc.Benchmarks.Gateway;

/// <summary>
/// Requests a second that one Kestrel answers over WebSockets: as JSON-RPC by our peer, and the same frames sent back as they are by a bare loop. The clients are the same,
/// one frame under way on each connection; rounds alternate.
/// </summary>
internal static class EchoBench
{
    private const int Connections = 32, Rounds = 5;
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(2);
    private static readonly byte[] Frame = """{"jsonrpc":"2.0","id":4711,"method":"echo","params":{"text":"sixty-four letters or so, as a keepalive or a candidate would have"}}"""u8.ToArray();

    private sealed record Echo(string Text);

    public static async Task<Figure> Run(CancellationToken ct)
    {
        var port = FreePort.Any();
        await using var app = Build(port);
        await app.StartAsync(ct);
        List<double> ours = [], bare = [];
        for (var round = 0; round <= Rounds; round++)
        {
            var (rpc, raw) = (await Measure(port, "rpc", ct), await Measure(port, "raw", ct));
            if (round == 0)
                continue; // warms up
            ours.Add(rpc);
            bare.Add(raw);
        }
        return new("rpc_echo_per_second", Percentile.Median(ours), "/s", Percentile.Median(bare), Bar.AtLeastTimesFloor(0.5));
    }

    private static WebApplication Build(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        var app = builder.Build();
        app.UseWebSockets();
        app.Map("/raw", Raw);
        var methods = new RpcMethods(NullLogger<RpcMethods>.Instance).On<Echo, Echo>("echo", (echo, _, _) => Task.FromResult(echo));
        app.Map("/rpc", async (HttpContext http) =>
        {
            using var peer = new WebSocketPeer(await http.WebSockets.AcceptWebSocketAsync(), "bench", methods, new WebSocketPeerOptions(), NullLogger<WebSocketPeer>.Instance, TimeProvider.System);
            await peer.Run(CancellationToken.None);
        });
        return app;
    }

    private static async Task Raw(HttpContext http)
    {
        using var socket = await http.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[4096];
        while (await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None) is { MessageType: not WebSocketMessageType.Close } read)
            await socket.SendAsync(buffer.AsMemory(0, read.Count), WebSocketMessageType.Text, read.EndOfMessage, CancellationToken.None);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
    }

    private static async Task<double> Measure(int port, string path, CancellationToken ct)
    {
        var sockets = new List<ClientWebSocket>();
        for (var i = 0; i < Connections; i++)
        {
            sockets.Add(new ClientWebSocket());
            await sockets[i].ConnectAsync(new Uri($"ws://127.0.0.1:{port}/{path}"), ct);
        }
        var buffers = sockets.ConvertAll(_ => new byte[4096]);
        var outcome = await Callers.Run(Connections, Round, async caller =>
        {
            await sockets[caller].SendAsync(Frame.AsMemory(), WebSocketMessageType.Text, endOfMessage: true, ct);
            while (!(await sockets[caller].ReceiveAsync(buffers[caller].AsMemory(), ct)).EndOfMessage)
                continue;
        });
        foreach (var socket in sockets)
        {
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, ct);
            socket.Dispose();
        }
        return outcome.PerSecond;
    }
}
