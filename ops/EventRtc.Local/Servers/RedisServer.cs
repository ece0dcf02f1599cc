using System.Net.Sockets;
using EventRtc.Hosting.Processes;

namespace EventRtc.Local.Servers;

/// <summary>redis-server with an append-only file, so that a kill loses nothing that was acknowledged.</summary>
public sealed class RedisServer(string folder, int port) : Server("redis", folder)
{
    public int Port { get; } = port;

    public override string Address => $"127.0.0.1:{Port}";

    public static async Task<RedisServer> Start(string folder, int? port = null, CancellationToken ct = default)
    {
        var server = new RedisServer(folder, port ?? FreePort.Any());
        await server.Start(ct);
        return server;
    }

    protected override ProcessSpec Describe() => new(
        "redis-server", "--port", $"{Port}", "--bind", "127.0.0.1", "--dir", Folder, "--save", "", "--appendonly", "yes", "--daemonize", "no");

    protected override async Task<bool> IsReady(CancellationToken ct)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", Port, ct);
        var stream = client.GetStream();
        await stream.WriteAsync("PING\r\n"u8.ToArray(), ct);
        var answer = new byte[7];
        await stream.ReadExactlyAsync(answer, ct).AsTask().WaitAsync(TimeSpan.FromSeconds(1), ct);
        return answer.AsSpan().SequenceEqual("+PONG\r\n"u8);
    }
}
