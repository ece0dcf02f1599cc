using System.Globalization;
using System.Text;
using EventRtc.Domain;
using EventRtc.Etcd;

namespace EventRtc.Chaos;

/// <summary>
/// Follows every change of the views in etcd, from its first revision on and without a gap, whatever becomes of etcd meanwhile. A room's applied version that goes
/// back is noticed at once: it may vanish, but what comes after is never older.
/// </summary>
internal sealed class ViewRecorder(Stores stores, Record record)
{
    private readonly List<ViewChange> changes = [];
    private readonly Dictionary<string, long> highest = new(StringComparer.Ordinal);
    private long next = 1;

    /// <summary>In the order of their revisions.</summary>
    public IReadOnlyList<ViewChange> Changes
    {
        get
        {
            lock (changes)
                return [.. changes];
        }
    }

    public async Task Run(CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            try
            {
                await foreach (var batch in stores.Etcd.Watch("/", next, over))
                {
                    foreach (var happened in batch.Events)
                        Take(happened);
                    next = batch.Events.Count > 0 ? batch.Events[^1].Item.ModRevision + 1 : next;
                }
            }
            catch (EtcdException)
            {
                record.Count("the watch of the views broke");
                await Task.Delay(TimeSpan.FromMilliseconds(200), over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                // Nothing more is to be recorded.
            }
        }
    }

    private void Take(WatchEvent happened)
    {
        var (key, revision) = (happened.Item.Key, happened.Item.ModRevision);
        if (!key.StartsWith(stores.Keys.Prefix, StringComparison.Ordinal) && !key.StartsWith(stores.Keys.AppliedPrefix, StringComparison.Ordinal))
            return;
        var value = happened.Deleted ? null : Encoding.UTF8.GetString(happened.Item.Value.Span);
        lock (changes)
            changes.Add(new ViewChange(revision, key, value));
        record.Note("view", new { revision, key, value });
        if (value is not null && key.StartsWith(stores.Keys.AppliedPrefix, StringComparison.Ordinal))
            CheckOrder(key[stores.Keys.AppliedPrefix.Length..], long.Parse(value, CultureInfo.InvariantCulture), revision);
    }

    private void CheckOrder(string room, long version, long revision)
    {
        if (highest.GetValueOrDefault(room) is var before && version < before)
            record.Violation($"views went back: {room} showed version {before} and at revision {revision} version {version}");
        highest[room] = Math.Max(before, version);
    }
}

/// <param name="Revision">etcd's; changes of one transaction share it.</param>
/// <param name="Value">Null when the key was deleted.</param>
internal sealed record ViewChange(long Revision, string Key, string? Value)
{
    /// <summary>The room whose view or applied version it is; null for a strange key.</summary>
    public RoomId? RoomIn(string prefix) =>
        Key.StartsWith(prefix, StringComparison.Ordinal) && RoomId.TryParse(Key[prefix.Length..].Split('/')[0], out var room) ? room : null;
}
