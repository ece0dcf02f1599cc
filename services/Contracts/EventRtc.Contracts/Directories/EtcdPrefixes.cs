using System.ComponentModel.DataAnnotations;
using EventRtc.Domain;
using EventRtc.Projections;

namespace EventRtc.Contracts.Directories;

/// <summary>Where rooms and modules lie in etcd. ETCD_PREFIX_ROOM_STORE, ETCD_PREFIX_JANUS_STORE, ETCD_PREFIX_MIXER_STORE.</summary>
public sealed record EtcdPrefixes
{
    private const string Slashes = "/.*/";
    private const string Rule = "{0} must begin and end with a slash";

    [RegularExpression(Slashes, ErrorMessage = Rule)]
    public string RoomStore { get; init; } = ViewKeys.DefaultPrefix;

    [RegularExpression(Slashes, ErrorMessage = Rule)]
    public string JanusStore { get; init; } = ModuleKeys.JanusPrefix;

    [RegularExpression(Slashes, ErrorMessage = Rule)]
    public string MixerStore { get; init; } = ModuleKeys.MixerPrefix;

    public ViewKeys Rooms => new(RoomStore);

    public ModuleKeys Januses => new(JanusStore);

    public ModuleKeys Mixers => new(MixerStore);

    public ModuleKeys Of(ModuleKind kind) => kind is ModuleKind.Janus ? Januses : Mixers;
}
