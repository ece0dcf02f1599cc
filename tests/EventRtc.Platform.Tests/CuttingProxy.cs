using System.Net;
using System.Net.Sockets;

namespace EventRtc.Platform.Tests;

/// <summary>Stands between a client and a server, and cuts their connection at a chosen moment: the one thing that a real network does and a test cannot ask for.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly string server;
    private readonly Task accepting;
    private int cutBefore;
    private int cutAfter;

    public CuttingProxy(string server)
    {
        this.server = server;
        listener.Start();
        accepting = Task.Run(Accept);
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public int Cuts { get; private set; }

    /// <summary>The next request does not reach the server.</summary>
    public void CutNextRequest() => Volatile.Write(ref cutBefore, 1);

    /// <summary>The next request is executed, and its answer does not reach the client.</summary>
    public void CutNextAnswer() => Volatile.Write(ref cutAfter, 1);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await accepting;
        stop.Dispose();
    }

    private async Task Accept()
    {
        var running = new List<Task>();
        try
        {
            while (true)
                running.Add(Relay(await listener.AcceptTcpClientAsync(stop.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(running);
        }
    }

    private async Task Relay(TcpClient client)
    {
        using (client)
        using (var upstream = new TcpClient())
        {
            var address = IPEndPoint.Parse(server);
            await upstream.ConnectAsync(address, stop.Token);
            await Task.WhenAny(Copy(client, upstream, () => Take(ref cutBefore)), Copy(upstream, client, () => Take(ref cutAfter)));
        }
    }

    private async Task Copy(TcpClient from, TcpClient to, Func<bool> isCut)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.GetStream().ReadAsync(buffer, stop.Token) is var read and > 0 && !isCut())
                await to.GetStream().WriteAsync(buffer.AsMemory(0, read), stop.Token);
        }
        catch (Exception closed) when (closed is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // The other side went: so do we.
        }
    }

    private bool Take(ref int cut)
    {
        var taken = Interlocked.Exchange(ref cut, 0) == 1;
        Cuts += taken ? 1 : 0;
        return taken;
    }
}
