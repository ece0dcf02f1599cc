using EventRtc.Etcd;

namespace EventRtc.Platform.Tests.Etcd;

/// <summary>A watch read batch by batch, with a limit on each wait.</summary>
internal sealed class Watching : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly IAsyncEnumerator<WatchBatch> batches;
    private Task<WatchBatch>? reading;

    public Watching(EtcdClient client, string prefix, long fromRevision = 0) : this(client.Watch(prefix, fromRevision)) { }

    public Watching(IAsyncEnumerable<WatchBatch> watch) => batches = watch.GetAsyncEnumerator(stop.Token);

    public Task<WatchBatch> Next() => (reading = Read()).WaitAsync(TimeSpan.FromSeconds(60));

    public async Task<IReadOnlyList<WatchEvent>> Events(int count)
    {
        var events = new List<WatchEvent>();
        while (events.Count < count)
            events.AddRange((await Next()).Events);
        return events;
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        if (reading is not null)
            await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await batches.DisposeAsync();
        stop.Dispose();
    }

    private async Task<WatchBatch> Read()
    {
        await batches.MoveNextAsync();
        return batches.Current;
    }
}
