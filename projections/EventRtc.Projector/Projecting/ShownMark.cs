using System.Text;
using System.Text.Json;
using EventRtc.Domain;
using EventRtc.Etcd;
using EventRtc.Projections;

namespace EventRtc.Projector;

/// <summary>What etcd shows of one module's mark at one moment.</summary>
/// <param name="Applied">The key of the applied version; null without one.</param>
/// <param name="Mark">The mark's key; null without one.</param>
/// <param name="Left">How long the mark's lease lasts; null when it has none.</param>
internal sealed record ShownMark(EtcdKeyValue? Applied, EtcdKeyValue? Mark, TimeSpan? Left)
{
    /// <summary>
    /// Leases last full seconds and clocks differ a little. An etcd that was restarted, or changed its leader, gives every lease its whole time again: that is more.
    /// </summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(5);

    /// <summary>Holds as long as etcd shows exactly this.</summary>
    public IEnumerable<Compare> Unchanged(ModuleKeys keys, ModuleId module) =>
    [
        Compare.ModRevision(keys.AppliedKey(module), Applied?.ModRevision ?? 0),
        Compare.ModRevision(keys.Mark(module), Mark?.ModRevision ?? 0),
    ];

    /// <summary>What has to happen to the keys so that they show what the events make of the module now, and nothing to a key that is right.</summary>
    public List<KeyChange> Changes(ModuleKeys keys, ModuleId module, ModuleFold wanted, DateTimeOffset now)
    {
        var changes = new List<KeyChange>();
        if (wanted.State.MarkAt(now) is not { } mark)
            AddUnless(Mark is null, null, keys.Mark(module), Mark);
        else
            AddUnless(IsRight(mark, now), Encode(mark), keys.Mark(module), Mark, leased: mark.Until is not null);
        var version = wanted.Version == 0 ? null : Encoding.ASCII.GetBytes($"{wanted.Version}");
        AddUnless(version is null ? Applied is null : Holds(Applied, version) && Applied is { Lease: 0 }, version, keys.AppliedKey(module), Applied);
        return changes;

        void AddUnless(bool right, byte[]? value, string key, EtcdKeyValue? found, bool leased = false)
        {
            if (!right)
                changes.Add(new(value is null ? KeyChangeKind.Deleted : found is null ? KeyChangeKind.Created : KeyChangeKind.Changed, key, value, leased));
        }
    }

    private bool IsRight(ModuleState.Marked mark, DateTimeOffset now) =>
        Holds(Mark, Encode(mark)) && (mark.Until is { } end ? Left is { } left && (end - now - left).Duration() <= Tolerance : Mark is { Lease: 0 });

    private static byte[] Encode(ModuleState.Marked mark) => JsonSerializer.SerializeToUtf8Bytes(new Mark(mark.Label), DomainJson.Options);

    private static bool Holds(EtcdKeyValue? found, byte[] value) => found is { } item && item.Value.Span.SequenceEqual(value);
}
