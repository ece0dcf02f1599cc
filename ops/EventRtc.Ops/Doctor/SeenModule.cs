using System.Text.Json;
using EventRtc.Contracts.Directories;
using EventRtc.Domain;
using EventRtc.Etcd;
using EventRtc.Ops.Modules;
using EventRtc.Projections;

namespace EventRtc.Ops.Doctor;

/// <summary>A Janus or a mixer as etcd shows it to placement.</summary>
/// <param name="Beat">Its sign of life; null without one.</param>
internal sealed record SeenModule(ModuleKind Kind, ModuleNow Now, Heartbeat? Beat)
{
    public string Name => Now.Name;

    /// <exception cref="EtcdException">etcd does not answer.</exception>
    public static async Task<IReadOnlyList<SeenModule>> All(EtcdClient etcd, EtcdPrefixes prefixes, CancellationToken ct)
    {
        var all = await Task.WhenAll(ModuleKinds.All.Select(kind => Of(kind, prefixes.Of(kind), etcd, ct)));
        return [.. all.SelectMany(modules => modules)];
    }

    private static async Task<IEnumerable<SeenModule>> Of(ModuleKind kind, ModuleKeys keys, EtcdClient etcd, CancellationToken ct)
    {
        var (beats, marks) = (new Dictionary<ModuleId, Heartbeat?>(), new Dictionary<ModuleId, Mark?>());
        foreach (var item in (await etcd.List(keys.Prefix, ct)).Items)
            if (keys.TryParse(item.Key, out var module, out var what))
            {
                if (what is ModuleKeyKind.Heartbeat)
                    beats[module] = Read<Heartbeat>(item);
                else
                    marks[module] = Read<Mark>(item);
            }
        return beats.Keys.Union(marks.Keys).OrderBy(id => id.Value, StringComparer.Ordinal).Select(id => Of(kind, id, beats.GetValueOrDefault(id), marks.GetValueOrDefault(id)));
    }

    private static SeenModule Of(ModuleKind kind, ModuleId id, Heartbeat? beat, Mark? mark) => new(
        kind,
        new ModuleNow(kind.Plural(), id, beat?.Streams ?? 0, mark?.Label, beat is null ? null : new HeartbeatNow(beat.Status, beat.Host, beat.StartedAt, beat.Streams), beat?.Capacity),
        beat);

    /// <summary>What cannot be read is no sign of life, as for placement.</summary>
    private static T? Read<T>(EtcdKeyValue item) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(item.Value.Span, DomainJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
