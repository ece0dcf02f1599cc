namespace EventRtc.Etcd;

/// <summary>gRPC's status codes, under their own names and numbers.</summary>
public enum StatusCode
{
    OK = 0,
    Cancelled = 1,
    Unknown = 2,
    InvalidArgument = 3,
    DeadlineExceeded = 4,
    NotFound = 5,
    AlreadyExists = 6,
    PermissionDenied = 7,
    ResourceExhausted = 8,
    FailedPrecondition = 9,
    Aborted = 10,
    OutOfRange = 11,
    Unimplemented = 12,
    Internal = 13,
    Unavailable = 14,
    DataLoss = 15,
    Unauthenticated = 16,
}

/// <summary>etcd refused a call, could not be reached, or did not answer in time.</summary>
public class EtcdException(StatusCode statusCode, string message, bool mayHaveExecuted, Exception? inner = null) : Exception(message, inner)
{
    public StatusCode StatusCode { get; } = statusCode;

    /// <summary>
    /// True when etcd may have carried out the change although this call failed (the connection broke or the time ran out after it was sent):
    /// only a change that is safe to repeat may be repeated. False when it certainly did not, and for every call that only reads.
    /// </summary>
    public bool MayHaveExecuted { get; } = mayHaveExecuted;
}

/// <summary>The revision asked for was compacted away: what happened since is no longer known one by one. List again and watch from there.</summary>
public sealed class EtcdCompactedException(string message, long compactRevision = 0) : EtcdException(StatusCode.OutOfRange, message, mayHaveExecuted: false)
{
    /// <summary>The oldest revision that can still be read; 0 when etcd did not tell.</summary>
    public long CompactRevision { get; } = compactRevision;
}
