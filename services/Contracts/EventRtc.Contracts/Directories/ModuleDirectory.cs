using System.Text.Json;
using EventRtc.Domain;
using EventRtc.Etcd;
using EventRtc.Projections;

namespace EventRtc.Contracts.Directories;

/// <summary>The Januses, or the mixers, by their heartbeats and their operators' marks.</summary>
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

    /// <summary>Every module with a heartbeat or a mark.</summary>
    public IReadOnlyDictionary<ModuleId, ModuleSeen> All()
    {
        var all = new Dictionary<ModuleId, ModuleSeen>();
        foreach (var (key, json) in mirror.Under(keys.Prefix).Select(pair => (pair.Key, pair.Value)))
            if (keys.TryParse(key, out var module, out var kind))
                all[module] = kind is ModuleKeyKind.Mark
                    ? all.GetValueOrDefault(module) with { Label = Decode<Mark>(json)?.Label }
                    : all.GetValueOrDefault(module) with { Heartbeat = Decode<Heartbeat>(json) };
        return all;
    }

    /// <exception cref="TimeoutException">The modules are not known, because etcd is away.</exception>
    public void RequireSynced()
    {
        if (!Synced)
            throw new TimeoutException("The modules are not read from etcd.");
    }

    /// <summary>Every module with a heartbeat, as placement sees it.</summary>
    public IReadOnlyList<Candidate> Candidates() =>
        [.. mirror.Under(keys.Prefix).Select(pair => CandidateOf(pair.Key)).OfType<Candidate>()];

    private Candidate? CandidateOf(string key) =>
        keys.TryParse(key, out var module, out var kind) && kind is ModuleKeyKind.Heartbeat && Find(module) is { } beat
            ? new Candidate(module, beat.Status is Heartbeat.Healthy, Read<Mark>(keys.Mark(module))?.Label, beat.Capacity, beat.Streams)
            : null;

    private T? Read<T>(string key) where T : class => mirror.Find(key) is { } json ? Decode<T>(json) : null;

    private static T? Decode<T>(ReadOnlyMemory<byte> json) where T : class => JsonSerializer.Deserialize<T>(json.Span, DomainJson.Options);
}

/// <param name="Heartbeat">Null when the module gives no sign of life.</param>
/// <param name="Label">Of its mark; null without one.</param>
public readonly record struct ModuleSeen(Heartbeat? Heartbeat, string? Label);
