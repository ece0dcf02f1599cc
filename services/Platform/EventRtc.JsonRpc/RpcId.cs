using System.Text.Json;

namespace EventRtc.JsonRpc;

/// <summary>A request's id, kept as the JSON text it came in: an answer must repeat it exactly, be it a string, a number or null.</summary>
internal readonly record struct RpcId(string Json)
{
    public static RpcId Null { get; } = new("null");

    public static RpcId Of(long number) => new(number.ToString());

    public static RpcId Of(Guid guid) => new($"\"{guid:N}\"");

    /// <summary>False when the value cannot be an id: a boolean, an array, an object.</summary>
    public static bool TryRead(JsonElement given, out RpcId id)
    {
        var legal = given.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.Null;
        id = legal ? new RpcId(given.GetRawText()) : Null;
        return legal;
    }
}
