using System.Threading.Channels;
using EventRtc.Streams.Connections;

namespace EventRtc.Streams;

/// <summary>
/// The messages of one channel, from the subscription on. At most once: what is published while the connection is being restored is lost,
/// and a reader that falls <see cref="Limit"/> messages behind loses the oldest. Disposing ends it.
/// </summary>
public sealed class RedisSubscription : IAsyncEnumerable<RedisValue>, IAsyncDisposable
{
    /// <summary>Messages kept for a reader that is behind.</summary>
    public const int Limit = 10_000;

    private readonly RedisSubscriber subscriber;
    private readonly Channel<RedisValue> messages =
        System.Threading.Channels.Channel.CreateBounded<RedisValue>(new BoundedChannelOptions(Limit) { FullMode = BoundedChannelFullMode.DropOldest });

    internal RedisSubscription(RedisSubscriber subscriber, string channel) => (this.subscriber, Channel) = (subscriber, channel);

    public string Channel { get; }

    /// <summary>One reader at a time; ends when the subscription is disposed.</summary>
    public IAsyncEnumerator<RedisValue> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        messages.Reader.ReadAllAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);

    public ValueTask DisposeAsync()
    {
        End();
        subscriber.Unsubscribe(this);
        return ValueTask.CompletedTask;
    }

    internal void Deliver(RedisValue message) => messages.Writer.TryWrite(message);

    internal void End() => messages.Writer.TryComplete();
}
