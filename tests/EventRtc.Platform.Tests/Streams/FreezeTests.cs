using System.Diagnostics;
using EventRtc.Local;
using EventRtc.Local.Servers;
using EventRtc.Streams;
using Xunit;
using static EventRtc.Platform.Tests.Streams.RedisFixture;

namespace EventRtc.Platform.Tests.Streams;

/// <summary>SIGSTOP of Redis: connections stay open, and nothing answers.</summary>
public sealed class FreezeTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(5);   // for a busy machine
    private readonly TestFolder folder = new();
    private RedisServer server = null!;
    private RedisClient redis = null!;
    private RedisClient patient = null!;

    public async ValueTask InitializeAsync()
    {
        server = await RedisServer.Start(folder.Path);
        redis = Connect(Patient(server.Address) with { CommandTimeout = Patience, ConnectTimeout = Patience, QueueLimit = 100 });
        patient = Connect(Patient(server.Address));
        await patient.PingAsync();
        await Recovered();
    }

    public async ValueTask DisposeAsync()
    {
        server.Thaw();
        await redis.DisposeAsync();
        await patient.DisposeAsync();
        await server.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Calls_time_out_in_time_and_tell_whether_they_may_have_been_executed()
    {
        await server.Freeze();

        var waited = Stopwatch.StartNew();
        var sent = await Assert.ThrowsAsync<RedisTimeoutException>(() => redis.StringSetAsync("k", "v"));
        Assert.InRange(waited.Elapsed, Patience, Patience + Slack);
        Assert.True(sent.MayHaveExecuted);

        // Silence ended that connection; what comes now waits for another one and is never sent.
        waited.Restart();
        var unsent = await Assert.ThrowsAsync<RedisConnectionException>(() => redis.StringSetAsync("never", "v"));
        Assert.InRange(waited.Elapsed, TimeSpan.Zero, Patience + Slack);
        Assert.False(unsent.MayHaveExecuted);

        server.Thaw();
        await Recovered();
        Assert.Equal("v", (string?)await patient.StringGetAsync("k"));   // it was executed after all
        Assert.False(await patient.KeyExistsAsync("never"));
    }

    [Fact]
    public async Task A_short_pause_goes_unnoticed()
    {
        var id = (long)await patient.ExecuteAsync(["CLIENT", "ID"]);
        await server.Freeze();
        var calls = Enumerable.Range(0, 100).Select(i => patient.ExecuteAsync(["ECHO", i])).ToArray();
        using var cancel = new CancellationTokenSource();
        var leaving = patient.ExecuteAsync(["ECHO", "gone"], cancel.Token);
        var last = patient.ExecuteAsync(["ECHO", "last"]);

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        server.Thaw();

        Assert.Equal(Enumerable.Range(0, 100), (await Task.WhenAll(calls)).Select(answer => (int)answer));
        Assert.Equal("last", (string?)await last);
        Assert.Equal(id, (long)await patient.ExecuteAsync(["CLIENT", "ID"]));
    }

    [Fact]
    public async Task A_full_queue_pushes_back_at_once()
    {
        await server.Freeze();
        var waiting = Enumerable.Range(0, 100).Select(_ => redis.PingAsync()).ToArray();

        var waited = Stopwatch.StartNew();
        var full = await Assert.ThrowsAsync<RedisQueueFullException>(() => redis.PingAsync());
        Assert.True(waited.Elapsed < Patience);
        Assert.Contains("100 calls wait", full.Message, StringComparison.Ordinal);

        foreach (var call in waiting)
            Assert.True(await Assert.ThrowsAnyAsync<RedisException>(() => call) is RedisTimeoutException or RedisConnectionException { MayHaveExecuted: true });
        server.Thaw();
        await Recovered();
    }

    [Fact]
    public async Task A_blocked_read_times_out_after_its_block_time_and_the_next_one_works()
    {
        await redis.StreamReadAsync([new("s", StreamPosition.Beginning)], block: TimeSpan.FromMilliseconds(1));
        var read = redis.StreamReadAsync([new("s", StreamPosition.Beginning)], block: TimeSpan.FromMilliseconds(300));
        await server.Freeze();

        var waited = Stopwatch.StartNew();
        Assert.True((await Assert.ThrowsAsync<RedisTimeoutException>(() => read)).MayHaveExecuted);
        Assert.InRange(waited.Elapsed, TimeSpan.Zero, TimeSpan.FromMilliseconds(300) + Patience + Slack);

        server.Thaw();
        await Recovered();
        await patient.StreamAddAsync("s", [new("n", 1)]);
        await Eventually.True(
            async () => (await redis.StreamReadAsync([new("s", StreamPosition.Beginning)], block: TimeSpan.FromMilliseconds(300))).Count == 1,
            TimeSpan.FromSeconds(30), "reads succeed again");
    }

    [Fact]
    public async Task A_subscription_notices_the_silence_and_is_restored()
    {
        await using var subscription = await redis.SubscribeAsync("c");
        await server.Freeze();
        await Assert.ThrowsAsync<RedisTimeoutException>(() => redis.PingAsync());
        await Task.WhenAny(subscription.FirstAsync().AsTask(), Task.Delay(3 * Patience));   // lasts longer than the subscriber waits for its PING
        server.Thaw();
        await Recovered();

        await Eventually.True(async () => await patient.PublishAsync("c", "back") == 1, TimeSpan.FromSeconds(30), "it is subscribed, once");
    }

    private Task Recovered() => Eventually.True(async () => await redis.PingAsync() > TimeSpan.Zero, TimeSpan.FromSeconds(30), "calls succeed again");
}
