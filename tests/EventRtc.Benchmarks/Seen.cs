using System.Diagnostics;
using EventRtc.Etcd;

namespace EventRtc.Benchmarks;

/// <summary>Tells when a key's next change arrives at a watcher.</summary>
internal sealed class Seen : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly TaskCompletionSource opened = new();
    private readonly Task watching;
    private volatile Awaited? next;

    public Seen(EtcdClient etcd, string prefix) => watching = Task.Run(() => Watch(etcd, prefix));

    /// <summary>Completes when the watch is open.</summary>
    public Task Opened => opened.Task;

    /// <returns>The timestamp of its arrival.</returns>
    public Task<long> Next(string key) => (next = new Awaited(key, new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously))).Arrived.Task;

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await watching;
        stop.Dispose();
    }

    private async Task Watch(EtcdClient etcd, string prefix)
    {
        try
        {
            await foreach (var batch in etcd.Watch(prefix, ct: stop.Token))
            {
                var now = Stopwatch.GetTimestamp();
                opened.TrySetResult();
                if (next is { } awaited && batch.Events.Any(changed => changed.Item.Key == awaited.Key))
                    awaited.Arrived.TrySetResult(now);
            }
        }
        catch (OperationCanceledException)
        {
            // The benchmark is over.
        }
    }

    private sealed record Awaited(string Key, TaskCompletionSource<long> Arrived);
}
