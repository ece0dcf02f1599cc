using System.Text.Json;

namespace EventRtc.Contracts;

/// <summary>JSON-RPC methods are named after the records that carry their parameters.</summary>
internal static class MethodName
{
    public static string Of<TRequest>() => JsonNamingPolicy.CamelCase.ConvertName(typeof(TRequest).Name);
}
