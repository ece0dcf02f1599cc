using System.Text.Json;
using EventRtc.Contracts.Directories;
using EventRtc.Etcd;
using EventRtc.Mixer.Rooms;

namespace EventRtc.Mixer;

/// <summary>Says that this mixer is there and how full it is, for placement.</summary>
public sealed class MixerHeartbeat(EtcdClient etcd, EtcdPrefixes prefixes, Stations stations, MixerOptions options, TimeProvider clock, ILogger<MixerHeartbeat> log)
{
    public Task Run(CancellationToken ct)
    {
        var started = clock.GetUtcNow();
        var key = prefixes.Mixers.Heartbeat(options.Id!.Value);
        return new LeasedKey(etcd, key, () => Write(started), options.HeartbeatLease, log, clock).Run(ct);
    }

    private byte[] Write(DateTimeOffset started) => JsonSerializer.SerializeToUtf8Bytes(
        new Heartbeat(Heartbeat.Healthy, $"{options.Ip}", options.Capacity, stations.Count, started), DomainJson.Options);
}
