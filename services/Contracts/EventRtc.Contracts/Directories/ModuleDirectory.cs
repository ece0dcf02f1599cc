using System.Text.Json;
using EventRtc.Domain;
using EventRtc.Etcd;
using EventRtc.Projections;

namespace EventRtc.Contracts.Directories;

/// <summary>The Januses, or the mixers, that are alive, with their operators' marks.</summary>
public sealed class ModuleDirectory
{
    private readonly EtcdMirror mirror;
    private readonly ModuleKeys keys;

    public ModuleDirectory(EtcdMirror mirror, ModuleKeys keys)
    {
        (this.mirror, this.keys) = (mirror, keys);
        mirror.Changed += key =>
        {
            if (keys.TryParse(key, out var module, out _))
                Changed?.Invoke(module);
        };
    }

    /// <summary>A module's heartbeat or mark was written or vanished. Called on the watching loop: must not block.</summary>
    public event Action<ModuleId>? Changed;

    public bool Synced => mirror.Synced;

    /// <summary>The module's last heartbeat; null when its lease has ended.</summary>
    public Heartbeat? Find(ModuleId module) => Read<Heartbeat>(keys.Heartbeat(module));

    /// <summary>Every module with a heartbeat, as placement sees it.</summary>
    public IReadOnlyList<Candidate> Candidates() =>
        [.. mirror.Under(keys.Prefix).Select(pair => CandidateOf(pair.Key)).OfType<Candidate>()];

    private Candidate? CandidateOf(string key) =>
        keys.TryParse(key, out var module, out var kind) && kind is ModuleKeyKind.Heartbeat && Find(module) is { } beat
            ? new Candidate(module, beat.Status is Heartbeat.Healthy, Read<Mark>(keys.Mark(module))?.Label, beat.Capacity, beat.Streams)
            : null;

    private T? Read<T>(string key) where T : class =>
        mirror.Find(key) is { } json ? JsonSerializer.Deserialize<T>(json.Span, DomainJson.Options) : null;
}
