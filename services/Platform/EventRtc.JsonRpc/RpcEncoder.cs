using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace EventRtc.JsonRpc;

/// <summary>Writes the specification's objects.</summary>
internal static class RpcEncoder
{
    public static byte[] Request<T>(RpcId? id, string method, T parameters, JsonSerializerOptions json) => Object(writer =>
    {
        writer.WriteString("method"u8, method);
        if (parameters is not null)
        {
            writer.WritePropertyName("params"u8);
            JsonSerializer.Serialize(writer, parameters, parameters.GetType(), json);
        }
        if (id is { } given)
            WriteId(writer, given);
    });

    public static byte[] Result<T>(RpcId id, T result, JsonSerializerOptions json) => Object(writer =>
    {
        writer.WritePropertyName("result"u8);
        JsonSerializer.Serialize(writer, result, json);
        WriteId(writer, id);
    });

    public static byte[] Error(RpcId id, RpcException why) => Object(writer =>
    {
        writer.WriteStartObject("error"u8);
        writer.WriteNumber("code"u8, why.Code);
        writer.WriteString("message"u8, why.Message);
        if (why.ErrorData is { } data)
        {
            writer.WritePropertyName("data"u8);
            writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(data), skipInputValidation: true);
        }
        writer.WriteEndObject();
        WriteId(writer, id);
    });

    public static byte[] Batch(IReadOnlyList<byte[]> answers)
    {
        var joined = new ArrayBufferWriter<byte>(answers.Sum(answer => answer.Length + 1) + 1);
        for (var i = 0; i < answers.Count; i++)
        {
            joined.Write(i == 0 ? "["u8 : ","u8);
            joined.Write(answers[i]);
        }
        joined.Write("]"u8);
        return joined.WrittenSpan.ToArray();
    }

    private static byte[] Object(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("jsonrpc"u8, "2.0"u8);
            members(writer);
            writer.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteId(Utf8JsonWriter writer, RpcId id)
    {
        writer.WritePropertyName("id"u8);
        // It was parsed once: its text is legal JSON.
        writer.WriteRawValue(id.Json, skipInputValidation: true);
    }
}
