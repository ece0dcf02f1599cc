using System.Text;
using EventRtc.Streams;
using Xunit;
using static EventRtc.Platform.Tests.Streams.RedisFixture;

namespace EventRtc.Platform.Tests.Streams;

/// <summary>Many callers on one connection.</summary>
[Collection(SharedRedis.Name)]
public sealed class SharingTests(RedisFixture fixture)
{
    private readonly RedisClient redis = fixture.Client;

    [Fact]
    public async Task Everyone_gets_the_answer_to_the_own_question()
    {
        await Task.WhenAll(Enumerable.Range(0, 64).Select(caller => Task.Run(async () =>
        {
            var random = new Random(caller);
            for (var i = 0; i < 200; i++)
            {
                var question = $"{caller}:{i}:{new string('x', random.Next(i % 50 == 0 ? 100_000 : 200))}";
                Assert.Equal(question, (string?)await redis.ExecuteAsync(["ECHO", question]));
            }
        })));
    }

    [Fact]
    public async Task Calls_of_one_caller_are_executed_in_their_order()
    {
        var key = Key();
        await redis.PingAsync(); // calls that wait for the first connection have no order yet
        var answers = await Task.WhenAll(Enumerable.Range(1, 5000).Select(_ => redis.HashIncrementAsync(key, "n")));
        Assert.Equal(Enumerable.Range(1, 5000).Select(n => (long)n), answers);
    }

    [Fact]
    public async Task Half_of_the_callers_may_leave_and_the_others_get_their_answers()
    {
        await Task.WhenAll(Enumerable.Range(0, 2000).Select(i => Task.Run(async () =>
        {
            using var cancel = new CancellationTokenSource();
            var call = redis.ExecuteAsync(["ECHO", i], cancel.Token);
            if (i % 2 == 0)
                await cancel.CancelAsync();
            try
            {
                Assert.Equal(i, (int)await call);
            }
            catch (OperationCanceledException e)
            {
                Assert.Equal(0, i % 2);
                Assert.Equal(cancel.Token, e.CancellationToken);
            }
        })));
    }

    [Fact]
    public async Task A_call_that_is_cancelled_before_it_starts_is_not_sent()
    {
        var key = Key();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => redis.StringSetAsync(key, "x", ct: new(canceled: true)));
        Assert.False(await redis.KeyExistsAsync(key));
    }

    [Fact]
    public async Task A_caller_that_blocks_its_thread_stalls_nobody_else()
    {
        using var release = new ManualResetEventSlim();
        var blocked = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            await redis.PingAsync();
            release.Wait();
        })).ToArray();

        for (var i = 0; i < 100; i++)
            await redis.PingAsync().WaitAsync(TimeSpan.FromSeconds(30));

        release.Set();
        await Task.WhenAll(blocked);
    }

    [Fact]
    public async Task Readers_wait_side_by_side_while_commands_go_on()
    {
        var keys = Enumerable.Range(0, 20).Select(i => $"{Key()}:{i}").ToArray();
        var reads = keys.Select(key => redis.StreamReadAsync([new(key, StreamPosition.Beginning)], block: TimeSpan.FromSeconds(20))).ToArray();

        foreach (var key in keys)
            await redis.StreamAddAsync(key, [new("key", key)]);

        var found = await Task.WhenAll(reads).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(keys, found.Select(streams => streams[0].Entries[0]["key"].ToString()));
    }

    [Fact]
    public async Task Large_and_small_calls_share_the_connection()
    {
        var large = Encoding.UTF8.GetBytes(new string('y', 1024 * 1024));
        var key = Key();
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(async i =>
        {
            if (i % 2 == 0)
                return (int)await redis.ExecuteAsync(["ECHO", i]);
            await redis.StringSetAsync($"{key}:{i}", large, TimeSpan.FromMinutes(1));
            return ((ReadOnlyMemory<byte>)await redis.StringGetAsync($"{key}:{i}")).Span.SequenceEqual(large) ? i : -1;
        }));
        Assert.Equal(Enumerable.Range(0, 40), answers);
    }
}
