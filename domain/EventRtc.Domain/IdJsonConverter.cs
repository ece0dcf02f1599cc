using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventRtc.Domain;

/// <summary>Writes an id as the plain string it is, and refuses a string that is none; also as the name of a property.</summary>
public sealed class IdJsonConverter<TId> : JsonConverter<TId> where TId : struct, IParsable<TId>
{
    public override TId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType is JsonTokenType.String ? Parse(reader.GetString()) : throw new JsonException($"A {typeof(TId).Name} is a string.");

    public override TId ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Parse(reader.GetString());

    public override void Write(Utf8JsonWriter writer, TId value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());

    public override void WriteAsPropertyName(Utf8JsonWriter writer, TId value, JsonSerializerOptions options) =>
        writer.WritePropertyName(value.ToString()!);

    private static TId Parse(string? text) =>
        TId.TryParse(text, null, out var id) ? id : throw new JsonException($"The text is not a {typeof(TId).Name}.");
}
