using EventRtc.Streams;
using Xunit;
using static EventRtc.Platform.Tests.Streams.RedisFixture;

namespace EventRtc.Platform.Tests.Streams;

[Collection(SharedRedis.Name)]
public sealed class ScriptTests(RedisFixture fixture)
{
    private static readonly LuaScript CompareAndDelete = LuaScript.Prepare("""
        if redis.call('GET', KEYS[1]) == ARGV[1] then
            return redis.call('DEL', KEYS[1])
        end
        return 0
        """);

    private readonly RedisClient redis = fixture.Client;

    [Fact]
    public async Task A_script_takes_keys_and_arguments()
    {
        var key = Key();
        await redis.StringSetAsync(key, "mine");

        Assert.False((bool)await redis.ScriptEvaluateAsync(CompareAndDelete, [key], ["other"]));
        Assert.True((bool)await redis.ScriptEvaluateAsync(CompareAndDelete, [key], ["mine"]));
        Assert.False(await redis.KeyExistsAsync(key));
    }

    [Fact]
    public async Task A_script_that_the_server_forgot_is_sent_again()
    {
        var script = LuaScript.Prepare($"return ARGV[1] .. '{Guid.NewGuid():N}'");
        Assert.StartsWith("first", (string?)await redis.ScriptEvaluateAsync(script, [], ["first"]), StringComparison.Ordinal);

        await redis.ExecuteAsync(["SCRIPT", "FLUSH"]);
        Assert.Equal(0, (long)(await redis.ExecuteAsync(["SCRIPT", "EXISTS", script.Hash]))[0]);

        Assert.StartsWith("second", (string?)await redis.ScriptEvaluateAsync(script, [], ["second"]), StringComparison.Ordinal);
        Assert.Equal(1, (long)(await redis.ExecuteAsync(["SCRIPT", "EXISTS", script.Hash]))[0]);
    }

    [Fact]
    public async Task A_script_answers_nested_results()
    {
        var answer = await redis.ScriptEvaluateAsync(LuaScript.Prepare("return {1, 'two', {3, {}}, false, redis.status_reply('DONE')}"), [], []);

        Assert.Equal(5, answer.Length);
        Assert.Equal(1, (int)answer[0]);
        Assert.Equal("two", (string?)answer[1]);
        Assert.Equal(3, (long)answer[2][0]);
        Assert.Equal(0, answer[2][1].Length);
        Assert.True(answer[3].IsNull);
        Assert.Equal("DONE", (string?)answer[4]);
        Assert.Throws<InvalidCastException>(() => (string?)answer);
        Assert.Throws<InvalidCastException>(() => answer[0][0]);
    }

    [Fact]
    public async Task A_script_s_error_is_the_callers()
    {
        var refusal = await Assert.ThrowsAsync<RedisServerException>(
            () => redis.ScriptEvaluateAsync(LuaScript.Prepare("return redis.error_reply('STALE the stream moved on')"), [], []));
        Assert.Equal("STALE", refusal.Code);

        var inside = await redis.ScriptEvaluateAsync(LuaScript.Prepare("return {redis.error_reply('INNER one')}"), [], []);
        Assert.Equal("INNER", Assert.Throws<RedisServerException>(() => (string?)inside[0]).Code);
    }
}
