using System.Text.Json;

namespace EventRtc.JsonRpc;

/// <summary>
/// A JSON-RPC error: thrown by a handler it becomes the answer, thrown by a request it is the answer that came.
/// The message goes to the caller as it is, so it never holds anything a caller may not know.
/// </summary>
public sealed class RpcException(int code, string message, JsonElement? errorData = null) : Exception(message)
{
    private readonly RpcErrorData? details = Read(errorData);

    public RpcException(int code, string message, RpcErrorData data)
        : this(code, message, JsonSerializer.SerializeToElement(data, RpcJson.Options)) { }

    /// <summary>One of <see cref="RpcErrors"/>, or whatever the other side chose.</summary>
    public int Code { get; } = code;

    /// <summary>The error's <c>data</c> as it travels.</summary>
    public JsonElement? ErrorData { get; } = errorData;

    /// <summary><c>data.code</c>; null when the error carries none.</summary>
    public string? Reason => details?.Code;

    /// <summary>The other side says that the same request can succeed later.</summary>
    public bool Retryable => details?.Retryable ?? false;

    private static RpcErrorData? Read(JsonElement? data)
    {
        if (data is not { ValueKind: JsonValueKind.Object } given)
            return null;
        try
        {
            return given.Deserialize<RpcErrorData>(RpcJson.Options);
        }
        catch (JsonException)
        {
            // The specification leaves data to the server: another shape than ours is legal and says nothing to us.
            return null;
        }
    }
}
