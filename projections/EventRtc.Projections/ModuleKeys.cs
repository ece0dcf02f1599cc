namespace EventRtc.Projections;

/// <summary>The etcd keys of Januses or of mixers: <c>/januses/{id}/heartbeat</c>, written by the worker, and <c>/januses/{id}/mark</c>.</summary>
/// <param name="prefix">Begins and ends with a slash; options ETCD_PREFIX_JANUS_STORE and ETCD_PREFIX_MIXER_STORE.</param>
public sealed class ModuleKeys(string prefix)
{
    public const string JanusPrefix = "/januses/";
    public const string MixerPrefix = "/mixers/";

    private const string HeartbeatName = "heartbeat";
    private const string MarkName = "mark";

    public string Prefix { get; } = KeyText.Prefix(prefix);

    /// <summary>The applied versions of modules lie under it, see <see cref="AppliedKey"/>.</summary>
    public string AppliedPrefix => $"/projections{Prefix}";

    /// <summary>The version of the module's stream that its mark shows, in decimal. It stays when the mark has ended.</summary>
    public string AppliedKey(ModuleId module) => AppliedPrefix + module;

    public string Heartbeat(ModuleId module) => $"{Prefix}{module}/{HeartbeatName}";

    public string Mark(ModuleId module) => $"{Prefix}{module}/{MarkName}";

    /// <returns>False when the key is neither a heartbeat's nor a mark's.</returns>
    public bool TryParse(string key, out ModuleId module, out ModuleKeyKind kind)
    {
        kind = default;
        if (!(KeyText.TrySplit(key, Prefix, out var id, out var name) & ModuleId.TryParse(id, out module)))
            return false;

        kind = name is MarkName ? ModuleKeyKind.Mark : ModuleKeyKind.Heartbeat;
        return name is HeartbeatName or MarkName;
    }
}

public enum ModuleKeyKind
{
    /// <summary><see cref="Projections.Heartbeat"/>.</summary>
    Heartbeat,

    /// <summary><see cref="Projections.Mark"/>.</summary>
    Mark,
}
