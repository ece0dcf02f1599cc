using System.Text.Json;
using EventRtc.Domain;
using EventRtc.Etcd;
using EventRtc.Projections;

namespace EventRtc.Services.Tests.Rooms.Moves;

/// <summary>The heartbeat of a Janus or a mixer that is not there otherwise: kept alive and put back as a worker does it.</summary>
internal sealed class TestModule : IAsyncDisposable
{
    /// <summary>Longer than a busy machine keeps the renewals waiting.</summary>
    private static readonly TimeSpan Ttl = TimeSpan.FromSeconds(5);

    private readonly EtcdClient etcd;
    private readonly CancellationTokenSource stop = new();
    private readonly ModuleKeys keys;
    private readonly Task beating;
    private Heartbeat beat;
    private long lease;

    public TestModule(EtcdClient etcd, ModuleKind kind, string id, int capacity = 1000)
    {
        (this.etcd, Id, keys) = (etcd, new ModuleId(id), new ModuleKeys(kind is ModuleKind.Janus ? ModuleKeys.JanusPrefix : ModuleKeys.MixerPrefix));
        beat = new Heartbeat(Heartbeat.Healthy, "test", capacity, Streams: 0, DateTimeOffset.UnixEpoch);
        beating = Beat();
    }

    public ModuleId Id { get; }

    /// <summary>Renews nothing and puts nothing back for a while.</summary>
    public bool Paused { get; set; }

    /// <summary>Says something else from now on.</summary>
    public async Task Say(string status, int? capacity = null)
    {
        beat = beat with { Status = status, Capacity = capacity ?? beat.Capacity };
        await Put();
    }

    public Task Mark(string label) => etcd.Put(keys.Mark(Id), JsonSerializer.SerializeToUtf8Bytes(new Mark(label), DomainJson.Options));

    /// <summary>Killed: nobody renews the lease any more, and it ends by itself.</summary>
    public async Task Kill()
    {
        await stop.CancelAsync();
        await beating.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async ValueTask DisposeAsync()
    {
        await Kill();
        if (lease != 0)
            await etcd.RevokeLease(lease);
        await etcd.Delete(keys.Mark(Id));
        stop.Dispose();
    }

    private async Task Beat()
    {
        for (; ; await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, stop.Token))
        {
            try
            {
                if (Paused)
                    continue;
                if (lease == 0 || !await etcd.KeepAlive(lease, stop.Token))
                    lease = await etcd.GrantLease(Ttl, stop.Token);
                if (await etcd.Get(keys.Heartbeat(Id), stop.Token) is null)
                    await Put();
            }
            catch (EtcdException)
            {
                // A test has stopped etcd.
            }
        }
    }

    private Task<long> Put() => etcd.Put(keys.Heartbeat(Id), JsonSerializer.SerializeToUtf8Bytes(beat, DomainJson.Options), lease);
}
