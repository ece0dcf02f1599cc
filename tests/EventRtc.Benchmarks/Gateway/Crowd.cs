using System.Diagnostics;
using EventRtc.Domain;
using EventRtc.JsonRpc;
using EventRtc.Visitors;

namespace EventRtc.Benchmarks.Gateway;

/// <summary>Many visitors who are on air and do nothing but keep their connections alive.</summary>
internal sealed class Crowd : IAsyncDisposable
{
    private static readonly TimeSpan KeepAliveEvery = TimeSpan.FromSeconds(10);

    private readonly List<GatewayClient> clients = [];
    private readonly List<Uri> addresses = [];
    private readonly CancellationTokenSource stop = new();
    private readonly List<Task> alive = [];

    public int Count => clients.Count;

    public static async Task<GatewayClient> Enter(UserId user, Uri address)
    {
        var client = await GatewayClient.Connect(address, user);
        while (!await IsIn(client))
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        await client.Offer();
        return client;
    }

    /// <summary>A room that was started a moment ago may not be known at the gateway yet.</summary>
    private static async Task<bool> IsIn(GatewayClient client)
    {
        try
        {
            await client.Join();
            return true;
        }
        catch (RpcException refused) when (refused.Retryable)
        {
            return false;
        }
    }

    /// <summary>It keeps its connection alive from now on.</summary>
    public void Add(GatewayClient client, Uri address)
    {
        lock (clients)
        {
            clients.Add(client);
            addresses.Add(address);
            alive.Add(KeepAlive(client));
        }
    }

    /// <summary>One after the other drops, connects again and joins with its token.</summary>
    /// <returns>How long each join took, in ms.</returns>
    public async Task<IReadOnlyList<double>> Resume(int callers, int each)
    {
        await stop.CancelAsync();
        await Task.WhenAll(alive);
        var took = new System.Collections.Concurrent.ConcurrentBag<double>();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            for (var i = 0; i < each; i++)
            {
                var at = (i * callers) + caller;
                var before = clients[at];
                before.Drop();
                var after = await GatewayClient.Connect(addresses[at], before);
                var started = Stopwatch.GetTimestamp();
                if (!await after.Resume())
                    throw new InvalidOperationException("A session was not resumed.");
                took.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                clients[at] = after;
                await before.DisposeAsync();
            }
        })));
        return [.. took];
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await Task.WhenAll(alive);
        foreach (var client in clients)
            client.Drop();
        await Task.WhenAll(clients.Select(client => client.DisposeAsync().AsTask()));
        stop.Dispose();
    }

    private async Task KeepAlive(GatewayClient client)
    {
        try
        {
            using var timer = new PeriodicTimer(KeepAliveEvery);
            do
                await client.Ask("keepalive", new { status = "onair" });
            while (await timer.WaitForNextTickAsync(stop.Token));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Enough.
        }
    }
}
