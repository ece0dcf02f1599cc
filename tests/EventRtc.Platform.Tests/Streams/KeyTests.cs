using EventRtc.Local;
using EventRtc.Streams;
using Xunit;
using static EventRtc.Platform.Tests.Streams.RedisFixture;

namespace EventRtc.Platform.Tests.Streams;

[Collection(SharedRedis.Name)]
public sealed class KeyTests(RedisFixture fixture)
{
    private readonly RedisClient redis = fixture.Client;

    [Fact]
    public async Task A_value_comes_back_as_it_was_written()
    {
        var key = Key();
        byte[] binary = [.. Enumerable.Range(0, 256).Select(i => (byte)i), (byte)'\r', (byte)'\n'];

        Assert.True(await redis.StringSetAsync(key, binary));
        Assert.Equal(binary, ((ReadOnlyMemory<byte>)await redis.StringGetAsync(key)).ToArray());

        await redis.StringSetAsync(key, "Grüße, 世界 🎙");
        Assert.Equal("Grüße, 世界 🎙", (string?)await redis.StringGetAsync(key));

        await redis.StringSetAsync(key, long.MinValue);
        Assert.Equal(long.MinValue, (long)await redis.StringGetAsync(key));

        await redis.StringSetAsync(key, "");
        Assert.False((await redis.StringGetAsync(key)).IsNull);

        await redis.StringSetAsync(key, new ReadOnlyMemory<byte>(binary, 48, 10));
        Assert.Equal("0123456789", (string?)await redis.StringGetAsync(key));
    }

    [Theory, InlineData(16 * 1024 - 10), InlineData(16 * 1024), InlineData(1024 * 1024), InlineData(20 * 1024 * 1024)]
    public async Task A_large_value_comes_back_whole(int size)
    {
        var key = Key();
        var large = new byte[size];
        new Random(size).NextBytes(large);

        await redis.StringSetAsync(key, large);
        var reads = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => redis.StringGetAsync(key)));

        Assert.All(reads, read => Assert.True(((ReadOnlyMemory<byte>)read).Span.SequenceEqual(large)));
        await redis.KeyDeleteAsync(key);
    }

    [Fact]
    public async Task A_missing_key_is_null_and_cannot_be_deleted_or_expired()
    {
        var key = Key();

        Assert.True((await redis.StringGetAsync(key)).IsNull);
        Assert.Null((string?)await redis.StringGetAsync(key));
        Assert.False(await redis.KeyExistsAsync(key));
        Assert.False(await redis.KeyDeleteAsync(key));
        Assert.False(await redis.KeyExpireAsync(key, TimeSpan.FromSeconds(1)));
        Assert.Null(await redis.KeyTimeToLiveAsync(key));
        Assert.Empty(await redis.HashGetAllAsync(key));
    }

    [Fact]
    public async Task A_value_is_written_only_when_the_condition_holds()
    {
        var key = Key();

        Assert.False(await redis.StringSetAsync(key, "a", when: When.Exists));
        Assert.True(await redis.StringSetAsync(key, "b", when: When.NotExists));
        Assert.False(await redis.StringSetAsync(key, "c", when: When.NotExists));
        Assert.Equal("b", (string?)await redis.StringGetAsync(key));
        Assert.True(await redis.StringSetAsync(key, "d", when: When.Exists));
        Assert.True(await redis.KeyDeleteAsync(key));
    }

    [Fact]
    public async Task A_value_expires()
    {
        var key = Key();

        await redis.StringSetAsync(key, "short", TimeSpan.FromMilliseconds(50), When.NotExists);
        await Eventually.True(async () => !await redis.KeyExistsAsync(key), TimeSpan.FromSeconds(30), "the value expires");

        await redis.StringSetAsync(key, "long");
        Assert.Null(await redis.KeyTimeToLiveAsync(key));
        Assert.True(await redis.KeyExpireAsync(key, TimeSpan.FromMinutes(1)));
        Assert.InRange((await redis.KeyTimeToLiveAsync(key))!.Value, TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_hash_holds_fields()
    {
        var key = Key();

        await redis.HashSetAsync(key, [new("name", "room"), new("empty", ""), new("count", 40)]);
        Assert.True(await redis.HashSetAsync(key, "new", "1"));
        Assert.False(await redis.HashSetAsync(key, "new", "2"));
        Assert.Equal(42, await redis.HashIncrementAsync(key, "count", 2));
        Assert.Equal(-1, await redis.HashIncrementAsync(key, "other", -1));
        Assert.True(await redis.HashDeleteAsync(key, "other"));
        Assert.False(await redis.HashDeleteAsync(key, "other"));
        Assert.Equal("room", (string?)await redis.HashGetAsync(key, "name"));
        Assert.True((await redis.HashGetAsync(key, "other")).IsNull);

        var fields = (await redis.HashGetAllAsync(key)).ToDictionary(field => field.Key, field => field.Value.ToString());
        Assert.Equal(new() { ["name"] = "room", ["empty"] = "", ["count"] = "42", ["new"] = "2" }, fields);
    }

    [Fact]
    public async Task A_refusal_carries_its_code_and_the_connection_lives()
    {
        var key = Key();
        await redis.StringSetAsync(key, "text");

        var refusal = await Assert.ThrowsAsync<RedisServerException>(() => redis.HashGetAllAsync(key));
        Assert.Equal("WRONGTYPE", refusal.Code);

        Assert.Equal("ERR", (await Assert.ThrowsAsync<RedisServerException>(() => redis.ExecuteAsync(["NOSUCH"]))).Code);
        Assert.Equal("text", (string?)await redis.StringGetAsync(key));
    }

    [Fact]
    public async Task Null_is_refused_before_anything_is_sent()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => redis.StringSetAsync(Key(), RedisValue.Null));
        Assert.True(await redis.PingAsync() > TimeSpan.Zero);
    }

    [Fact]
    public async Task A_transaction_can_be_sent_as_plain_commands()
    {
        var key = Key();
        var answers = await Task.WhenAll(
            redis.ExecuteAsync(["MULTI"]), redis.ExecuteAsync(["SET", key, 1]), redis.ExecuteAsync(["INCR", key]), redis.ExecuteAsync(["EXEC"]));
        Assert.Equal("QUEUED", (string?)answers[1]);
        Assert.Equal(2, (long)answers[3][1]);
    }
}
