using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using EventRtc.Local;

namespace EventRtc.Platform.Tests;

/// <summary>A stretch of network between a client and a server on this machine that can stand still, or lose requests and answers.</summary>
internal sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, FreePort.Any());
    private readonly int target;
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentBag<TcpClient> open = [];
    private readonly Task accepting;
    private volatile TaskCompletionSource flow = Flowing();
    private int requestsToLose;
    private int answersToLose;

    public TcpProxy(int target)
    {
        this.target = target;
        listener.Start();
        accepting = Accept();
    }

    public string Address => listener.LocalEndpoint.ToString()!;

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>How many connections were cut because something was lost.</summary>
    public int Lost { get; private set; }

    /// <summary>Nothing passes any more, in either direction; connections stay open.</summary>
    public void Freeze() => flow = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The next answers do not arrive; each time the connection is cut instead, after the server has carried out what it was asked.</summary>
    public void LoseAnswers(int count) => Volatile.Write(ref answersToLose, count);

    /// <summary>The next requests do not arrive; each time the connection is cut instead.</summary>
    public void LoseRequests(int count) => Volatile.Write(ref requestsToLose, count);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        foreach (var client in open)
            client.Dispose();
        await accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
    }

    private async Task Accept()
    {
        while (true)
        {
            var client = await listener.AcceptTcpClientAsync(stop.Token);
            var server = new TcpClient();
            open.Add(client);
            open.Add(server);
            await server.ConnectAsync(IPAddress.Loopback, target, stop.Token);
            _ = Copy(client, server, answers: false);
            _ = Copy(server, client, answers: true);
        }
    }

    private async Task Copy(TcpClient from, TcpClient to, bool answers)
    {
        try
        {
            var buffer = new byte[16 * 1024];
            while (await from.GetStream().ReadAsync(buffer, stop.Token) is var read and > 0)
            {
                await flow.Task.WaitAsync(stop.Token);
                if (Interlocked.Decrement(ref answers ? ref answersToLose : ref requestsToLose) >= 0)
                {
                    Lost++;
                    break;
                }
                await to.GetStream().WriteAsync(buffer.AsMemory(0, read), stop.Token);
            }
        }
        catch (Exception cut) when (cut is IOException or SocketException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            // Either side is gone; so is the other.
        }
        from.Dispose();
        to.Dispose();
    }

    private static TaskCompletionSource Flowing()
    {
        var flowing = new TaskCompletionSource();
        flowing.SetResult();
        return flowing;
    }
}
