using System.Text.Json;

namespace EventRtc.JsonRpc;

/// <summary>One member of a frame, classified by the specification's rules.</summary>
internal abstract record RpcMessage
{
    /// <param name="Id">Null: a notification, which is never answered. <see cref="RpcId.Null"/>: a request with the id <c>null</c>, which is.</param>
    public sealed record Call(RpcId? Id, string Method, JsonElement? Params) : RpcMessage;

    /// <param name="Error">Null when the other side succeeded.</param>
    public sealed record Answer(RpcId Id, JsonElement Result, RpcException? Error) : RpcMessage;

    /// <param name="Id">The id where it could be read, else null.</param>
    public sealed record Invalid(RpcId Id, RpcException Why) : RpcMessage;

    private RpcMessage() { }

    public static RpcMessage Read(JsonElement given)
    {
        try
        {
            return Classify(given);
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair is legal JSON and no text: the reader notices when a name or a value is compared.
            return InvalidRequest(RpcId.Null, "Names and texts are Unicode.");
        }
    }

    private static RpcMessage Classify(JsonElement given)
    {
        if (given.ValueKind is not JsonValueKind.Object)
            return InvalidRequest(RpcId.Null, "A request is an object.");

        RpcId? id = null;
        if (given.TryGetProperty("id", out var idGiven))
        {
            if (!RpcId.TryRead(idGiven, out var read))
                return InvalidRequest(RpcId.Null, "An id is a string, a number or null.");
            id = read;
        }

        if (!given.TryGetProperty("jsonrpc", out var version) || version.ValueKind is not JsonValueKind.String || !version.ValueEquals("2.0"u8))
            return InvalidRequest(id, "The member jsonrpc is \"2.0\".");
        if (given.TryGetProperty("method", out var method))
            return ReadCall(given, id, method);
        return ReadAnswer(given, id) is { } answer ? answer : InvalidRequest(id, "A request has a method.");
    }

    private static RpcMessage ReadCall(JsonElement given, RpcId? id, JsonElement method)
    {
        if (method.ValueKind is not JsonValueKind.String)
            return InvalidRequest(id, "A method is a string.");
        var name = method.GetString()!;
        if (!given.TryGetProperty("params", out var parameters))
            return new Call(id, name, null);
        return parameters.ValueKind is JsonValueKind.Array or JsonValueKind.Object
            ? new Call(id, name, parameters)
            : InvalidRequest(id, "Params are an array or an object.");
    }

    /// <summary>Null when it is no answer either: an answer has an id and exactly one of result and error.</summary>
    private static Answer? ReadAnswer(JsonElement given, RpcId? id)
    {
        var succeeded = given.TryGetProperty("result", out var result);
        var failed = given.TryGetProperty("error", out var error);
        if (id is null || succeeded == failed)
            return null;
        if (succeeded)
            return new Answer(id.Value, result, null);
        return ReadError(error) is { } why ? new Answer(id.Value, default, why) : null;
    }

    private static RpcException? ReadError(JsonElement error) =>
        error.ValueKind is JsonValueKind.Object
        && error.TryGetProperty("code", out var code) && code.ValueKind is JsonValueKind.Number && code.TryGetInt32(out var number)
        && error.TryGetProperty("message", out var message) && message.ValueKind is JsonValueKind.String
            ? new RpcException(number, message.GetString()!, error.TryGetProperty("data", out var data) ? data : null)
            : null;

    private static Invalid InvalidRequest(RpcId? id, string why) => new(id ?? RpcId.Null, RpcFaults.InvalidRequest(why));
}
