using System.ComponentModel.DataAnnotations;
using EventRtc.Domain;
using EventRtc.Projections;

namespace EventRtc.Contracts.Directories;

/// <summary>Where rooms and modules lie in etcd: prefixes of keys, which begin and end with a slash. None lies in another: what is under that of rooms and is no room's, a rebuild deletes.</summary>
public sealed record EtcdPrefixes : IValidatableObject
{
    private const string Slashes = "/.*/";
    private const string Rule = "{0} must begin and end with a slash";

    /// <summary>Of the views of rooms; all of a deployment's services have the same, so with the other two. Default /rooms/.</summary>
    [RegularExpression(Slashes, ErrorMessage = Rule)]
    public string RoomStore { get; init; } = ViewKeys.DefaultPrefix;

    /// <summary>Of the heartbeats and marks of Januses. Default /januses/.</summary>
    [RegularExpression(Slashes, ErrorMessage = Rule)]
    public string JanusStore { get; init; } = ModuleKeys.JanusPrefix;

    /// <summary>Of the heartbeats and marks of mixers. Default /mixers/.</summary>
    [RegularExpression(Slashes, ErrorMessage = Rule)]
    public string MixerStore { get; init; } = ModuleKeys.MixerPrefix;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        (string Property, string Variable, string Prefix)[] all =
            [(nameof(RoomStore), "ETCD_PREFIX_ROOM_STORE", RoomStore), (nameof(JanusStore), "ETCD_PREFIX_JANUS_STORE", JanusStore), (nameof(MixerStore), "ETCD_PREFIX_MIXER_STORE", MixerStore)];
        return from inner in all
               from outer in all
               where inner != outer && inner.Prefix.StartsWith(outer.Prefix, StringComparison.Ordinal)
               select new ValidationResult($"'{inner.Prefix}' lies in {outer.Variable}, '{outer.Prefix}'", [inner.Property, outer.Property]);
    }

    public ViewKeys Rooms => new(RoomStore);

    public ModuleKeys Januses => new(JanusStore);

    public ModuleKeys Mixers => new(MixerStore);

    public ModuleKeys Of(ModuleKind kind) => kind is ModuleKind.Janus ? Januses : Mixers;
}
