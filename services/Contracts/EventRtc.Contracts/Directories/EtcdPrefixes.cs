using EventRtc.Projections;

namespace EventRtc.Contracts.Directories;

/// <summary>Where rooms and modules lie in etcd. ETCD_PREFIX_ROOM_STORE, ETCD_PREFIX_JANUS_STORE, ETCD_PREFIX_MIXER_STORE.</summary>
public sealed record EtcdPrefixes
{
    public string RoomStore { get; init; } = ViewKeys.DefaultPrefix;

    public string JanusStore { get; init; } = ModuleKeys.JanusPrefix;

    public string MixerStore { get; init; } = ModuleKeys.MixerPrefix;

    public ViewKeys Rooms => new(RoomStore);

    public ModuleKeys Januses => new(JanusStore);

    public ModuleKeys Mixers => new(MixerStore);
}
