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
        mirror.Listed += () => Listed?.Invoke();
    }

    /// <summary>The module's heartbeat or its mark was written or vanished; while <see cref="Synced"/> that was seen to happen. Called on the watching loop: must not block.</summary>
    public event Action<ModuleId>? Changed;

    /// <summary>All modules were read, at first or after the watch broke. Called on the watching loop: must not block.</summary>
    public event Action? Listed;

    /// <summary>False until all modules were read once, and while the watch is broken.</summary>
    public bool Synced => mirror.Synced;

    public Task WhenSynced(CancellationToken ct) => mirror.WhenSynced(ct);

    /// <summary>The module's last heartbeat; null when its lease has ended, or it cannot be read.</summary>
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

    /// <summary>What the module's heartbeat dies with: 0 for no lease, null when there is no heartbeat.</summary>
    public long? LeaseOf(ModuleId module) => mirror.FindItem(keys.Heartbeat(module))?.Lease;

    /// <summary>Every module with a heartbeat, as placement sees it.</summary>
    public IReadOnlyList<Candidate> Candidates() =>
        [.. mirror.Under(keys.Prefix).Select(pair => CandidateOf(pair.Key)).OfType<Candidate>()];

    /// <summary>The module as placement sees it; null without a heartbeat.</summary>
    public Candidate? FindCandidate(ModuleId module) => Find(module) is { } beat
        ? new Candidate(module, beat.Status is Heartbeat.Healthy, Read<Mark>(keys.Mark(module))?.Label, beat.Capacity, beat.Streams)
        : null;

    private Candidate? CandidateOf(string key) =>
        keys.TryParse(key, out var module, out var kind) && kind is ModuleKeyKind.Heartbeat ? FindCandidate(module) : null;

    private T? Read<T>(string key) where T : class => mirror.Find(key) is { } json ? Decode<T>(json) : null;

    /// <returns>Null for what is none: one module that writes nonsense hides no other.</returns>
    private static T? Decode<T>(ReadOnlyMemory<byte> json) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json.Span, DomainJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <param name="Heartbeat">Null when the module gives no sign of life that can be read.</param>
/// <param name="Label">Of its mark; null without one.</param>
public readonly record struct ModuleSeen(Heartbeat? Heartbeat, string? Label);
