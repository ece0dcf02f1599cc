using EventRtc.Etcd.Grpc;
using EventRtc.Etcd.Wire;
using Google.Protobuf;
using Microsoft.Extensions.Logging;

namespace EventRtc.Etcd;

/// <summary>
/// etcd's v3 API over gRPC, as far as this project uses it. One client serves all callers of a process at once; it connects when first used and again by itself
/// after every break. Calls end at the latest after <see cref="EtcdOptions.CallTimeout"/>, and reads are linearizable: they see every change acknowledged before.
/// </summary>
/// <remarks>
/// Failures are <see cref="EtcdException"/>. The client repeats a call by itself, on another member, only when it certainly was not carried out; what else is safe to
/// repeat is known to the caller alone, see <see cref="EtcdException.MayHaveExecuted"/>.
/// </remarks>
public sealed partial class EtcdClient(EtcdOptions options, ILogger<EtcdClient> log) : IAsyncDisposable
{
    /// <summary>Keys in the first reply of a listing: small enough that other calls on the connection keep their latency.</summary>
    private const int FirstPageKeys = 5_000;

    /// <summary>Replies grow to this size, because etcd goes through all that is left of the range for each of them.</summary>
    private const int LargestPageKeys = 40_000;

    /// <summary>A listing starts over when etcd compacts its revision away before the last page; that more than once in a row says that something is wrong.</summary>
    private const int ListAttempts = 3;

    private readonly Calls calls = new(options, log);

    /// <summary>The key as it is now, or null when there is none.</summary>
    public async Task<EtcdKeyValue?> Get(string key, CancellationToken ct = default)
    {
        var reply = await calls.Unary(Methods.Range, new RangeRequest { Key = ByteString.CopyFromUtf8(key) }, ct);
        return reply.Kvs.Count == 0 ? null : EtcdKeyValue.From(reply.Kvs[0]);
    }

    /// <summary>All keys under the prefix (every key for an empty one), as they were at one moment, read page by page.</summary>
    public Task<EtcdRange> List(string prefix, CancellationToken ct = default) => List(prefix, 0, ct);

    /// <summary>Likewise, as they were at a revision: several prefixes at the same moment.</summary>
    /// <param name="revision">0: now.</param>
    /// <exception cref="EtcdException">OutOfRange: the revision was compacted away.</exception>
    public async Task<EtcdRange> List(string prefix, long revision, CancellationToken ct = default)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await ListOnce(KeyRange.Under(prefix), revision, ct);
            }
            catch (EtcdException e) when (e.StatusCode is StatusCode.OutOfRange && revision == 0 && attempt < ListAttempts)
            {
                log.LogInformation("Listing {Prefix} again from its start: {Reason}", prefix, e.Message);
            }
        }
    }

    /// <summary>Sets the key. Returns the store's revision of this change.</summary>
    /// <param name="lease">The lease that the key dies with; 0 for none, also when it had one before.</param>
    /// <exception cref="EtcdException">NotFound: there is no such lease (any more).</exception>
    public async Task<long> Put(string key, ReadOnlyMemory<byte> value, long lease = 0, CancellationToken ct = default) =>
        (await calls.Unary(Methods.Put, new PutRequest { Key = ByteString.CopyFromUtf8(key), Value = UnsafeByteOperations.UnsafeWrap(value), Lease = lease }, ct)).Header.Revision;

    /// <summary>Deletes the key. Returns how many keys that were: 1, or 0 when there was none.</summary>
    public async Task<long> Delete(string key, CancellationToken ct = default) =>
        (await calls.Unary(Methods.Delete, new DeleteRangeRequest { Key = ByteString.CopyFromUtf8(key) }, ct)).Deleted;

    /// <summary>Deletes all keys under the prefix (every key for an empty one) at once. Returns how many.</summary>
    public async Task<long> DeletePrefix(string prefix, CancellationToken ct = default)
    {
        var range = KeyRange.Under(prefix);
        return (await calls.Unary(Methods.Delete, new DeleteRangeRequest { Key = range.Start, RangeEnd = range.End }, ct)).Deleted;
    }

    /// <summary>Carries out a transaction, all of it or nothing.</summary>
    public async Task<TxnResult> Commit(Txn txn, CancellationToken ct = default)
    {
        using var span = EtcdTelemetry.Commit();
        return TxnResult.From(await calls.Unary(Methods.Txn, txn.Request, ct));
    }

    /// <summary>Forgets the history before the revision: older reads and watches get <see cref="EtcdCompactedException"/>. Keys stay as they are.</summary>
    public Task Compact(long revision, CancellationToken ct = default) => calls.Unary(Methods.Compact, new CompactionRequest { Revision = revision, Physical = true }, ct);

    /// <summary>Ends every call and watch under way.</summary>
    public ValueTask DisposeAsync()
    {
        calls.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<EtcdRange> ListOnce(KeyRange range, long revision, CancellationToken ct)
    {
        var items = new List<EtcdKeyValue>();
        for (var limit = FirstPageKeys; ; limit = Math.Min(2 * limit, LargestPageKeys))
        {
            var page = await calls.Unary(Methods.Range, new RangeRequest { Key = range.Start, RangeEnd = range.End, Limit = limit, Revision = revision }, ct);
            revision = revision == 0 ? page.Header.Revision : revision;
            items.AddRange(page.Kvs.Select(EtcdKeyValue.From));
            if (!page.More)
                return new(items, revision);
            range = range.After(page.Kvs[^1].Key);
        }
    }
}
