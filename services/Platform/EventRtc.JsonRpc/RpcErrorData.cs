namespace EventRtc.JsonRpc;

/// <summary>What an error carries as <c>data</c>.</summary>
/// <param name="Code">Stable and machine-readable, such as <c>room_full</c>.</param>
/// <param name="Retryable">The same request can succeed later.</param>
/// <param name="RetryAfterMs">Milliseconds to wait before it; absent when the caller may choose.</param>
/// <param name="Detail">What exactly is wrong, for the developer of the other side.</param>
public sealed record RpcErrorData(string Code, bool Retryable, int? RetryAfterMs = null, string? Detail = null);
