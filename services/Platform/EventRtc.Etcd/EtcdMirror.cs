using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;

namespace EventRtc.Etcd;

/// <summary>
/// A copy of all keys under a prefix in memory, kept up to date for ever. Reads are quick, may be done from any thread, and see whole revisions:
/// of a transaction's changes all or none.
/// </summary>
/// <remarks>
/// The watch is opened first and the keys are listed while it is open, so nothing can fall between the two: what the watch reports up to the listing's revision
/// is in the listing already. Whatever breaks the watch (the network, a restart, a compaction, a server that froze and failed its ping) starts this over,
/// and it does not resume from a revision: an etcd that lost its data may have come to the same revision by another way.
/// </remarks>
public sealed class EtcdMirror(EtcdClient client, string prefix, ILogger log, TimeProvider? clock = null)
{
    private readonly TimeProvider clock = clock ?? TimeProvider.System;
    private volatile MirrorCopy copy = MirrorCopy.Empty;
    private volatile TaskCompletionSource synced = NotSynced();

    /// <summary>A key came, changed or went; the copy shows it already. Called from the loop, one key at a time: hand over, do not work here.</summary>
    [SuppressMessage("Design", "MA0046", Justification = "The key says all; a sender would be noise.")]
    public event Action<string>? Changed;

    /// <summary>
    /// All keys were listed, for the first time or after the watch broke: what happened meanwhile is not known one by one, so whoever acts on the keys compares them all
    /// with what really is. Called from the loop, after <see cref="Changed"/> was for the keys that differ.
    /// </summary>
    public event Action? Listed;

    /// <summary>False until the first listing, and while the watch is broken; the copy then stays as it was last.</summary>
    public bool Synced => synced.Task.IsCompleted;

    /// <summary>Returns once the copy follows etcd (at once when it does).</summary>
    public Task WhenSynced(CancellationToken ct) => synced.Task.WaitAsync(ct);

    public ReadOnlyMemory<byte>? Find(string key) => copy.Find(key)?.Value;

    /// <summary>The key with its lease and revisions.</summary>
    public EtcdKeyValue? FindItem(string key) => copy.Find(key);

    /// <summary>The keys that begin with the prefix, ordered; all of one moment.</summary>
    public IReadOnlyList<EtcdKeyValue> Under(string prefix) => copy.Under(prefix);

    /// <summary>Follows etcd until cancelled, then returns.</summary>
    public async Task Run(CancellationToken ct)
    {
        var retries = new Retries($"Mirror of {prefix}", log, clock);
        try
        {
            while (true)
            {
                try
                {
                    await Follow(retries, ct);
                }
                catch (EtcdException e)
                {
                    Lose();
                    await retries.Failed(e, ct);
                }
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Asked to stop.
        }
        finally
        {
            Lose();
        }
    }

    private async Task Follow(Retries retries, CancellationToken ct)
    {
        var listed = default(EtcdRange);
        await foreach (var batch in client.Watch(prefix, fromRevision: 0, ct))
        {
            if (listed is null)
            {
                listed = await client.List(prefix, ct);
                var next = MirrorCopy.Of(listed.Items);
                Show(next, copy.ChangesTo(next));
                retries.Succeeded();
                synced.TrySetResult();
                Tell(() => Listed?.Invoke(), "the listing");
                continue;
            }
            var news = batch.Events.Where(happened => happened.Item.ModRevision > listed.Revision).ToList();
            Show(copy.With(news), news.Select(happened => happened.Item.Key));
        }
    }

    private void Show(MirrorCopy next, IEnumerable<string> changed)
    {
        copy = next;
        foreach (var key in changed)
            Tell(() => Changed?.Invoke(key), key);
    }

    /// <summary>A fault of the listener's does not keep the next key from being told.</summary>
    private void Tell(Action listener, string what)
    {
        try
        {
            listener();
        }
        catch (Exception e)
        {
            log.LogError(e, "A listener to {Prefix} failed on {Key}", prefix, what);
        }
    }

    private void Lose()
    {
        if (Synced)
            synced = NotSynced();
    }

    private static TaskCompletionSource NotSynced() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
