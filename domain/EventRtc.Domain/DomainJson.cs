using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventRtc.Domain;

/// <summary>
/// How events, views and messages are written: camelCase names, ids as strings, nothing for null. Reading is strict where a wrong fact would be
/// believed (a missing or null field is an error) and lenient where a newer writer may have added one (unknown fields are skipped).
/// </summary>
public static class DomainJson
{
    /// <summary>Frozen: the same for every reader and writer.</summary>
    public static JsonSerializerOptions Options { get; } = Frozen();

    /// <summary>A word of an enumeration as JSON has it: <c>anchor</c>.</summary>
    public static string Text<TEnum>(TEnum word) where TEnum : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(word.ToString());

    private static JsonSerializerOptions Frozen()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
