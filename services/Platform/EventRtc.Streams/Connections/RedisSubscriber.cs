using Microsoft.Extensions.Logging;

namespace EventRtc.Streams.Connections;

/// <summary>The connection for pub/sub. In RESP2 a SUBSCRIBE of one channel has exactly one answer, so it is a call like others; messages come in between.</summary>
internal sealed class RedisSubscriber : IAsyncDisposable
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    private readonly RedisOptions options;
    private readonly TimeProvider time;
    private readonly ILogger log;
    private readonly RedisLink link;
    private readonly Lock gate = new();
    private readonly Dictionary<string, List<RedisSubscription>> byChannel = [];
    private readonly CancellationToken stopping;
    private Task? keeping;

    public RedisSubscriber(RedisOptions options, TimeProvider time, ILogger log, CancellationToken stopping)
    {
        (this.options, this.time, this.log, this.stopping) = (options, time, log, stopping);
        link = new(options, time, log, stopping, Dispatch);
    }

    public async Task<RedisSubscription> Subscribe(string channel, CancellationToken ct)
    {
        var subscription = new RedisSubscription(this, channel);
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(stopping.IsCancellationRequested, typeof(RedisClient));
            if (!byChannel.TryGetValue(channel, out var all))
                byChannel.Add(channel, all = []);
            all.Add(subscription);
        }

        try
        {
            await Send(channel, ct);
        }
        catch
        {
            await subscription.DisposeAsync();
            throw;
        }

        lock (gate)
            keeping ??= Start();
        return subscription;
    }

    public void Unsubscribe(RedisSubscription subscription)
    {
        // The command is queued under the lock, so that it stands before the SUBSCRIBE of whoever wants the channel next.
        lock (gate)
        {
            if (!byChannel.TryGetValue(subscription.Channel, out var all) || !all.Remove(subscription) || all.Count > 0)
                return;
            byChannel.Remove(subscription.Channel);
            link.Current?.TrySend(["UNSUBSCRIBE", subscription.Channel], link.Deadline(options.CommandTimeout));
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (keeping is not null)
            await keeping;
        await link.DisposeAsync();
        lock (gate)
        {
            foreach (var subscription in byChannel.Values.SelectMany(all => all))
                subscription.End();
            byChannel.Clear();
        }
    }

    private Task Start()
    {
        using (ExecutionContext.SuppressFlow())
            return Task.Run(Keep);
    }

    /// <summary>Restores the subscriptions on every new connection, and notices by PING when a silent one is dead.</summary>
    private async Task Keep()
    {
        RedisConnection? restored = null;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                var connection = await link.Connect(link.Deadline(options.CommandTimeout), stopping);
                if (connection != restored)
                    await Restore();
                restored = connection;
                await Task.WhenAny(connection.Closed, Task.Delay(options.CommandTimeout, time, stopping));
                if (connection.IsOpen)
                    await link.Execute(["PING"], options.CommandTimeout, stopping);
            }
            catch (Exception) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (RedisException e)
            {
                log.LogWarning("Redis at {Address}: subscriptions are interrupted: {Reason}", options.Address, e.Message);
                link.Drop(e);
                if (e is RedisServerException)   // a SUBSCRIBE was refused; everything else is paced by the link
                    await Task.WhenAny(Task.Delay(RetryPause, time, stopping));
            }
        }
    }

    private async Task Restore()
    {
        string[] channels;
        lock (gate)
            channels = [.. byChannel.Keys];
        foreach (var channel in channels)
            await Send(channel, stopping);
    }

    private Task<RedisResult> Send(string channel, CancellationToken ct) => link.Execute(["SUBSCRIBE", channel], options.CommandTimeout, ct);

    private bool Dispatch(RedisResult answer)
    {
        if (answer.Length != 3 || !((ReadOnlyMemory<byte>)(RedisValue)answer[0]).Span.SequenceEqual("message"u8))
            return false;
        lock (gate)
        {
            if (byChannel.TryGetValue((string)answer[1]!, out var all))
                foreach (var subscription in all)
                    subscription.Deliver((RedisValue)answer[2]);
        }

        return true;
    }
}
