using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace EventRtc.JsonRpc;

/// <summary>Binds a call's parameters, by name or by position, to <typeparamref name="T"/>.</summary>
internal sealed class RpcParams<T>(JsonSerializerOptions json)
{
    private readonly JsonTypeInfo<T> shape = (JsonTypeInfo<T>)json.GetTypeInfo(typeof(T));

    /// <summary>Parameter names in the order of the record's constructor: what a position means.</summary>
    private readonly ImmutableArray<string> names =
    [
        .. json.GetTypeInfo(typeof(T)).Properties
            .Where(property => property.AssociatedParameter is not null)
            .OrderBy(property => property.AssociatedParameter!.Position)
            .Select(property => property.Name),
    ];

    /// <exception cref="RpcException">They do not fit: -32602.</exception>
    public T Bind(JsonElement? given)
    {
        try
        {
            var bound = (given, shape.Kind) switch
            {
                (null, JsonTypeInfoKind.Object) => JsonSerializer.Deserialize("{}"u8, shape),
                (null, JsonTypeInfoKind.Enumerable) => JsonSerializer.Deserialize("[]"u8, shape),
                (null, _) => JsonSerializer.Deserialize("null"u8, shape),
                ({ ValueKind: JsonValueKind.Array } positions, JsonTypeInfoKind.Object) => JsonSerializer.Deserialize(Named(positions), shape),
                ({ } value, _) => value.Deserialize(shape),
            };
            return bound!;
        }
        catch (JsonException)
        {
            throw Invalid();
        }
    }

    private ReadOnlySpan<byte> Named(JsonElement positions)
    {
        if (positions.GetArrayLength() > names.Length)
            throw Invalid();
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in names.Zip(positions.EnumerateArray()))
            {
                writer.WritePropertyName(name);
                writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);
            }
            writer.WriteEndObject();
        }
        return buffer.WrittenSpan;
    }

    private RpcException Invalid() => RpcFaults.InvalidParams(names.IsEmpty ? null : $"Expected {string.Join(", ", names)}.");
}
