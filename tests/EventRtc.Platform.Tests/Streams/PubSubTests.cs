using EventRtc.Local;
using EventRtc.Streams;
using Xunit;
using static EventRtc.Platform.Tests.Streams.RedisFixture;

namespace EventRtc.Platform.Tests.Streams;

[Collection(SharedRedis.Name)]
public sealed class PubSubTests(RedisFixture fixture)
{
    private readonly RedisClient redis = fixture.Client;

    [Fact]
    public async Task Every_subscriber_gets_every_message_in_order()
    {
        var channel = Key();
        await using var one = await redis.SubscribeAsync(channel);
        await using var two = await redis.SubscribeAsync(channel);
        await using var other = await redis.SubscribeAsync(Key());

        for (var i = 0; i < 1000; i++)
            Assert.Equal(1, await redis.PublishAsync(channel, i));

        foreach (var subscription in new[] { one, two })
            Assert.Equal(Enumerable.Range(0, 1000), await subscription.Take(1000).Select(message => (int)message).ToListAsync());
        await redis.PublishAsync(other.Channel, "only this");
        Assert.Equal("only this", (string?)await other.FirstAsync());
    }

    [Fact]
    public async Task A_disposed_subscription_ends_and_leaves_the_others()
    {
        var channel = Key();
        var one = await redis.SubscribeAsync(channel);
        var two = await redis.SubscribeAsync(channel);
        var reading = one.ToListAsync().AsTask();

        await one.DisposeAsync();
        Assert.Empty(await reading);
        Assert.Equal(1, await redis.PublishAsync(channel, "still here"));
        Assert.Equal("still here", (string?)await two.FirstAsync());

        await two.DisposeAsync();
        await Eventually.True(async () => await redis.PublishAsync(channel, "nobody") == 0, TimeSpan.FromSeconds(30), "Redis knows of no subscriber");
        await using var again = await redis.SubscribeAsync(channel);
        Assert.Equal(1, await redis.PublishAsync(channel, "back"));
    }

    [Fact]
    public async Task Subscribing_and_unsubscribing_at_once_leaves_the_last_word_to_the_living()
    {
        var channel = Key();
        for (var round = 0; round < 100; round++)
        {
            var first = await redis.SubscribeAsync(channel);
            var ending = Task.Run(async () => await first.DisposeAsync());
            await using var second = await redis.SubscribeAsync(channel);
            await ending;
            Assert.Equal(1, await redis.PublishAsync(channel, round));
            Assert.Equal(round, (int)await second.FirstAsync());
        }
    }

    [Fact]
    public async Task Disposing_the_client_ends_its_subscriptions()
    {
        var client = Connect(Patient(fixture.Address));
        var reading = (await client.SubscribeAsync(Key())).ToListAsync().AsTask();

        await client.DisposeAsync();

        Assert.Empty(await reading.WaitAsync(TimeSpan.FromSeconds(30)));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.SubscribeAsync(Key()));
    }
}
