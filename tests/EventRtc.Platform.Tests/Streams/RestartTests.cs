using EventRtc.Local;
using EventRtc.Local.Servers;
using EventRtc.Streams;
using Xunit;
using static EventRtc.Platform.Tests.Streams.RedisFixture;

namespace EventRtc.Platform.Tests.Streams;

/// <summary>kill -9 of Redis and its restart.</summary>
public sealed class RestartTests : IAsyncLifetime
{
    private readonly TestFolder folder = new();
    private RedisServer server = null!;
    private RedisClient redis = null!;

    public async ValueTask InitializeAsync()
    {
        server = await RedisServer.Start(folder.Path);
        redis = Connect(Patient(server.Address));
    }

    public async ValueTask DisposeAsync()
    {
        await redis.DisposeAsync();
        await server.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Calls_in_flight_may_have_been_executed_and_later_ones_succeed_by_themselves()
    {
        await redis.StringSetAsync("kept", "yes");
        await server.Freeze();
        var inFlight = Enumerable.Range(0, 256).Select(_ => redis.HashIncrementAsync("h", "n")).ToArray();

        await server.Kill();

        foreach (var call in inFlight)
            Assert.True((await Assert.ThrowsAsync<RedisConnectionException>(() => call)).MayHaveExecuted);
        var waiting = Enumerable.Range(0, 64).Select(_ => redis.StringGetAsync("kept")).ToArray();
        Assert.DoesNotContain(waiting, call => call.IsCompleted);

        await server.Start();

        Assert.All(await Task.WhenAll(waiting), value => Assert.Equal("yes", (string?)value));
    }

    [Fact]
    public async Task A_call_that_was_still_queued_was_surely_not_executed()
    {
        await redis.PingAsync();
        await server.Freeze();
        var stuck = redis.StringSetAsync("large", new byte[64 * 1024 * 1024]);   // more than the sockets' buffers hold
        var queued = redis.StringSetAsync("small", "x");

        await server.Kill();

        Assert.True((await Assert.ThrowsAsync<RedisConnectionException>(() => stuck)).MayHaveExecuted);
        Assert.False((await Assert.ThrowsAsync<RedisConnectionException>(() => queued)).MayHaveExecuted);
    }

    [Fact]
    public async Task An_absent_server_is_named_and_nothing_was_executed()
    {
        await server.Kill();
        await using var hasty = Connect(Patient(server.Address) with { CommandTimeout = TimeSpan.FromSeconds(2) });

        var failure = await Assert.ThrowsAsync<RedisConnectionException>(() => hasty.StringSetAsync("k", "v"));

        Assert.False(failure.MayHaveExecuted);
        Assert.Equal($"Redis at {server.Address} cannot be reached: Connection refused", failure.Message);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => redis.PingAsync(new CancellationTokenSource(100).Token));
    }

    [Fact]
    public async Task Calls_that_wait_for_a_connection_are_bounded()
    {
        await server.Kill();
        await using var small = Connect(Patient(server.Address) with { QueueLimit = 10, CommandTimeout = TimeSpan.FromMilliseconds(500) });

        var waiting = Enumerable.Range(0, 10).Select(_ => small.PingAsync()).ToArray();
        await Assert.ThrowsAsync<RedisQueueFullException>(() => small.PingAsync());

        foreach (var call in waiting)
            await Assert.ThrowsAsync<RedisConnectionException>(() => call);
        await server.Start();
        await Eventually.True(async () => await small.PingAsync() > TimeSpan.Zero, TimeSpan.FromSeconds(30), "calls succeed again");
    }

    [Fact]
    public async Task An_idle_connection_that_the_server_ended_is_replaced_unseen()
    {
        await redis.PingAsync();
        for (var round = 0; round < 3; round++)
        {
            await server.Restart();
            Assert.True(await redis.PingAsync() > TimeSpan.Zero);
        }
    }

    [Fact]
    public async Task Scripts_are_sent_again_to_a_server_that_forgot_them()
    {
        var script = LuaScript.Prepare("return 42");
        Assert.Equal(42, (int)await redis.ScriptEvaluateAsync(script, [], []));
        await server.Restart();
        Assert.Equal(42, (int)await redis.ScriptEvaluateAsync(script, [], []));
    }

    [Fact]
    public async Task A_subscription_is_restored()
    {
        await using var one = await redis.SubscribeAsync("one");
        await using var two = await redis.SubscribeAsync("two");
        for (var round = 1; round <= 3; round++)
        {
            await server.Restart();
            foreach (var subscription in new[] { one, two })
            {
                await Eventually.True(async () => await redis.PublishAsync(subscription.Channel, round) == 1, TimeSpan.FromSeconds(30), "it is subscribed again");
                Assert.Equal(round, (int)await subscription.FirstAsync());
            }
        }
    }

    [Fact]
    public async Task A_reader_loop_goes_on_after_its_read_broke()
    {
        await redis.StreamCreateConsumerGroupAsync("s", "g");
        using var stop = new CancellationTokenSource();
        List<string> seen = [];
        var broken = 0;
        var loop = Task.Run(async () =>
        {
            while (seen.Count < 30)
            {
                try
                {
                    foreach (var stream in await redis.StreamReadGroupAsync("g", "me", [new("s", StreamPosition.NewMessages)], 10, TimeSpan.FromSeconds(10), stop.Token))
                        seen.AddRange(stream.Entries.Select(entry => entry["n"].ToString()));
                }
                catch (RedisConnectionException e)
                {
                    Assert.True(e.MayHaveExecuted);
                    Interlocked.Increment(ref broken);
                }
            }
        });

        for (var round = 0; round < 3; round++)
        {
            await Eventually.True(async () => await BlockedReads(redis) == 1, TimeSpan.FromSeconds(30), "the loop reads");
            await server.Restart();
            for (var i = 0; i < 10; i++)
                await redis.StreamAddAsync("s", [new("n", 10 * round + i)]);
            await Eventually.True(() => seen.Count == 10 * (round + 1), TimeSpan.FromSeconds(30), "the loop got the new entries");
        }

        await loop.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(Enumerable.Range(0, 30).Select(i => $"{i}"), seen);
        Assert.InRange(broken, 1, 3);
    }

    [Fact]
    public async Task Disposing_fails_what_waits_and_refuses_what_comes()
    {
        await server.Freeze();
        var blocked = redis.StreamReadAsync([new("s", StreamPosition.End)], block: TimeSpan.FromSeconds(10));
        var call = redis.PingAsync();

        await redis.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

        await Assert.ThrowsAnyAsync<Exception>(() => call);
        await Assert.ThrowsAnyAsync<Exception>(() => blocked);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => redis.PingAsync());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => redis.StreamReadAsync([new("s", StreamPosition.End)], block: TimeSpan.FromSeconds(1)));
    }
}
