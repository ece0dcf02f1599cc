using EventRtc.Etcd.Wire;
using Google.Protobuf;
using Target = EventRtc.Etcd.Wire.Compare.Types.CompareTarget;

namespace EventRtc.Etcd;

/// <summary>
/// Reads and changes that etcd carries out as one: when every comparison holds those of <see cref="Then"/>, otherwise those of <see cref="Else"/>.
/// One transaction changes a key at most once, and by default etcd takes no more than 128 operations.
/// </summary>
public sealed class Txn
{
    internal TxnRequest Request { get; } = new();

    public Txn If(params IEnumerable<Compare> comparisons)
    {
        Request.Compare.AddRange(comparisons.Select(c => c.Message));
        return this;
    }

    public Txn Then(params IEnumerable<Op> operations)
    {
        Request.Success.AddRange(operations.Select(o => o.Message));
        return this;
    }

    public Txn Else(params IEnumerable<Op> operations)
    {
        Request.Failure.AddRange(operations.Select(o => o.Message));
        return this;
    }
}

/// <summary>A condition on one key.</summary>
public sealed class Compare
{
    private Compare(Wire.Compare message) => Message = message;

    internal Wire.Compare Message { get; }

    /// <summary>The key's value, to be compared with <see cref="ValueOf.Is"/>. A key that is absent has no value and equals none, not even an empty one.</summary>
    public static ValueOf Value(string key) => new(key);

    /// <summary>The key was last changed at exactly this revision; 0: it is absent.</summary>
    public static Compare ModRevision(string key, long revision) =>
        new(new() { Key = ByteString.CopyFromUtf8(key), Target = Target.Mod, ModRevision = revision });

    public static Compare Absent(string key) => ModRevision(key, 0);

    /// <summary>The left side of a comparison of values.</summary>
    public readonly record struct ValueOf(string Key)
    {
        public Compare Is(ReadOnlyMemory<byte> value) => new(new()
        {
            Key = ByteString.CopyFromUtf8(Key),
            Target = Target.Value,
            Value = UnsafeByteOperations.UnsafeWrap(value),
        });
    }
}

/// <summary>One read or change inside a <see cref="Txn"/>.</summary>
public sealed class Op
{
    private Op(RequestOp message) => Message = message;

    internal RequestOp Message { get; }

    public static Op Get(string key) => new(new() { RequestRange = new() { Key = ByteString.CopyFromUtf8(key) } });

    public static Op Range(string prefix)
    {
        var range = KeyRange.Under(prefix);
        return new(new() { RequestRange = new() { Key = range.Start, RangeEnd = range.End } });
    }

    /// <param name="lease">The lease that the key dies with; 0 for none, also when it had one before.</param>
    public static Op Put(string key, ReadOnlyMemory<byte> value, long lease = 0) =>
        new(new() { RequestPut = new() { Key = ByteString.CopyFromUtf8(key), Value = UnsafeByteOperations.UnsafeWrap(value), Lease = lease } });

    public static Op Delete(string key) => new(new() { RequestDeleteRange = new() { Key = ByteString.CopyFromUtf8(key) } });

    public static Op DeletePrefix(string prefix)
    {
        var range = KeyRange.Under(prefix);
        return new(new() { RequestDeleteRange = new() { Key = range.Start, RangeEnd = range.End } });
    }
}

/// <summary>What a transaction did.</summary>
/// <param name="Succeeded">The comparisons held: <see cref="Txn.Then"/> was carried out, otherwise <see cref="Txn.Else"/>.</param>
/// <param name="Revision">The store's revision afterwards; of every key changed by it.</param>
/// <param name="Responses">One for each operation carried out, in their order.</param>
public sealed record TxnResult(bool Succeeded, long Revision, IReadOnlyList<OpResult> Responses)
{
    internal static TxnResult From(TxnResponse reply) => new(reply.Succeeded, reply.Header.Revision, [.. reply.Responses.Select(OpResult.From)]);
}

/// <param name="Items">What a read found, ordered by key; empty for a change.</param>
/// <param name="Deleted">Number of keys that a deletion removed; otherwise 0.</param>
public sealed record OpResult(IReadOnlyList<EtcdKeyValue> Items, long Deleted)
{
    internal static OpResult From(ResponseOp reply) => reply.ResponseCase switch
    {
        ResponseOp.ResponseOneofCase.ResponseRange => new([.. reply.ResponseRange.Kvs.Select(EtcdKeyValue.From)], 0),
        ResponseOp.ResponseOneofCase.ResponseDeleteRange => new([], reply.ResponseDeleteRange.Deleted),
        _ => new([], 0),
    };
}
