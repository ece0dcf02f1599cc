using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Unicode;

namespace EventRtc.JsonRpc;

/// <summary>What one frame holds: a single message, or a batch.</summary>
/// <param name="Batch">The answers, if any, travel in an array.</param>
internal sealed record RpcFrame(bool Batch, ImmutableArray<RpcMessage> Messages)
{
    /// <summary>Never throws: whatever is not a request becomes an <see cref="RpcMessage.Invalid"/> that says why.</summary>
    public static RpcFrame Parse(ReadOnlySpan<byte> utf8)
    {
        // The parser looks into strings only when they are asked for; nothing later may stumble over them.
        if (!Utf8.IsValid(utf8))
            return Single(new RpcMessage.Invalid(RpcId.Null, RpcFaults.ParseError()));
        JsonElement root;
        try
        {
            root = JsonElement.Parse(utf8);
        }
        catch (JsonException)
        {
            return Single(new RpcMessage.Invalid(RpcId.Null, RpcFaults.ParseError()));
        }

        if (root.ValueKind is not JsonValueKind.Array)
            return Single(RpcMessage.Read(root));
        return root.GetArrayLength() > 0
            ? new RpcFrame(true, [.. root.EnumerateArray().Select(RpcMessage.Read)])
            : Invalid("A batch has at least one request.");
    }

    /// <summary>A frame that is refused as a whole: -32600.</summary>
    public static RpcFrame Invalid(string why) => Single(new RpcMessage.Invalid(RpcId.Null, RpcFaults.InvalidRequest(why)));

    private static RpcFrame Single(RpcMessage message) => new(false, [message]);
}
