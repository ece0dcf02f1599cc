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
        var scratch = Scratch.Take();
        scratch.Writer.WriteStartObject();
        scratch.Writer.WriteString("jsonrpc"u8, "2.0"u8);
        members(scratch.Writer);
        scratch.Writer.WriteEndObject();
        return scratch.Finish();
    }

    private static void WriteId(Utf8JsonWriter writer, RpcId id)
    {
        writer.WritePropertyName("id"u8);
        // It was parsed once: its text is legal JSON.
        writer.WriteRawValue(id.Json, skipInputValidation: true);
    }

    /// <summary>
    /// What a thread writes its frames in, one after the other. Buffers that grow anew for each frame were a third of all that a gateway allocates, and whenever that is
    /// collected, all its connections stand still for a moment.
    /// </summary>
    private sealed class Scratch
    {
        private const int First = 1024, MostKept = 64 * 1024;

        [ThreadStatic]
        private static Scratch? kept;

        private readonly ArrayBufferWriter<byte> buffer = new(First);

        private Scratch() => Writer = new Utf8JsonWriter(buffer);

        public Utf8JsonWriter Writer { get; }

        /// <summary>A frame that fails half written takes it along.</summary>
        public static Scratch Take()
        {
            var mine = kept ?? new Scratch();
            kept = null;
            return mine;
        }

        public byte[] Finish()
        {
            Writer.Flush();
            var frame = buffer.WrittenSpan.ToArray();
            buffer.ResetWrittenCount();
            Writer.Reset();
            kept = buffer.Capacity <= MostKept ? this : null;
            return frame;
        }
    }
}
