using System.Text.Json;
using EventRtc.Contracts.Directories;
using EventRtc.Etcd;
using EventRtc.Mixer.Media;
using EventRtc.Mixer.Rooms;

namespace EventRtc.Mixer;

/// <summary>Says that this mixer is there, how it is and how full, for placement.</summary>
public sealed class MixerHeartbeat(
    EtcdClient etcd, EtcdPrefixes prefixes, Stations stations, DiskSpace space, Drain drain, MixerOptions options, TimeProvider clock, ILogger<MixerHeartbeat> log)
{
    private readonly DateTimeOffset started = clock.GetUtcNow();

    private string Status => drain.IsUnderWay ? Heartbeat.Stopping : space.IsLow ? Heartbeat.Unwell : Heartbeat.Healthy;

    /// <exception cref="FileNotFoundException">There is no ffmpeg: this mixer is not to be given rooms.</exception>
    public async Task Run(CancellationToken ct)
    {
        await Ffmpeg.MustBeThere();
        var key = new LeasedKey(etcd, prefixes.Mixers.Heartbeat(options.Id!.Value), Write, options.HeartbeatLease, log, clock);
        stations.CountChanged += key.Refresh;
        space.Changed += key.Refresh;
        drain.Begun += key.Refresh;
        try
        {
            await key.Run(ct);
        }
        finally
        {
            stations.CountChanged -= key.Refresh;
            space.Changed -= key.Refresh;
            drain.Begun -= key.Refresh;
        }
    }

    private ReadOnlyMemory<byte> Write() => JsonSerializer.SerializeToUtf8Bytes(
        new Heartbeat(Status, $"{options.Ip}", options.Capacity, stations.Count, started, HlsPort: options.HlsPort, RtpPorts: $"{options.RtpPorts}"), DomainJson.Options);
}
