using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventRtc.JsonRpc;

/// <summary>How parameters and results are read and written unless a peer is given other options.</summary>
public static class RpcJson
{
    /// <summary>camelCase names, enums as camelCase strings, nulls omitted; a missing or null required parameter is a fault.</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            NumberHandling = JsonNumberHandling.Strict,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
