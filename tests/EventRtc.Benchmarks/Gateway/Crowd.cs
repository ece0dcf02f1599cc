using System.Diagnostics;
using EventRtc.Domain;
using EventRtc.JsonRpc;
using EventRtc.Visitors;

namespace EventRtc.Benchmarks.Gateway;

/// <summary>Many visitors who are on air and do nothing but keep their connections alive.</summary>
internal sealed class Crowd : IAsyncDisposable
{
    private static readonly TimeSpan KeepAliveEvery = TimeSpan.FromSeconds(10);

    private readonly List<Seat> seats = [];

    public int Count => seats.Count;

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
        lock (seats)
            seats.Add(new Seat(client, address));
    }

    /// <summary>One after the other drops, connects again and joins with its token; all others keep their connections alive meanwhile.</summary>
    /// <returns>How long each join took, in ms.</returns>
    public async Task<IReadOnlyList<double>> Resume(int callers, int each)
    {
        var took = new System.Collections.Concurrent.ConcurrentBag<double>();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            for (var i = 0; i < each; i++)
            {
                var at = (i * callers) + caller;
                var (before, address) = (seats[at].Client, seats[at].Address);
                await seats[at].DisposeAsync();
                var after = await GatewayClient.Connect(address, before);
                var started = Stopwatch.GetTimestamp();
                if (!await after.Resume())
                    throw new InvalidOperationException("A session was not resumed.");
                took.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                seats[at] = new Seat(after, address);
            }
        })));
        return [.. took];
    }

    public async ValueTask DisposeAsync() => await Task.WhenAll(seats.Select(seat => seat.DisposeAsync().AsTask()));

    /// <summary>A connection that is kept alive until its network goes away.</summary>
    private sealed class Seat : IAsyncDisposable
    {
        private readonly CancellationTokenSource stop = new();
        private readonly Task alive;

        public Seat(GatewayClient client, Uri address)
        {
            (Client, Address) = (client, address);
            alive = KeepAlive();
        }

        public GatewayClient Client { get; }

        public Uri Address { get; }

        public async ValueTask DisposeAsync()
        {
            await stop.CancelAsync();
            await alive;
            Client.Drop();
            await Client.DisposeAsync();
            stop.Dispose();
        }

        private async Task KeepAlive()
        {
            try
            {
                using var timer = new PeriodicTimer(KeepAliveEvery);
                do
                    await Client.Ask("keepalive", new { status = "onair" });
                while (await timer.WaitForNextTickAsync(stop.Token));
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // Enough.
            }
        }
    }
}
