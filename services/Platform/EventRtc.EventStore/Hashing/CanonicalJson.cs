using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace EventRtc.EventStore;

/// <summary>
/// One spelling for equal JSON, so that equal bodies have equal hashes whoever stored or printed them: RFC 8785 (members sorted, no blanks, least escapes),
/// but numbers as plain decimals without trailing zeros, exact up to 28 digits.
/// </summary>
public static class CanonicalJson
{
    private static readonly SearchValues<byte> Escaped = SearchValues.Create([.. Enumerable.Range(0, 32).Select(n => (byte)n), (byte)'"', (byte)'\\']);

    /// <summary>By UTF-16 code units, as RFC 8785 sorts; ASCII without escapes sorts the same by its bytes, without a string for each name.</summary>
    private static readonly Comparer<JsonProperty> ByName = Comparer<JsonProperty>.Create(static (a, b) =>
    {
        var first = JsonMarshal.GetRawUtf8PropertyName(a);
        var second = JsonMarshal.GetRawUtf8PropertyName(b);
        return IsPlain(first) && IsPlain(second) ? first.SequenceCompareTo(second) : string.CompareOrdinal(a.Name, b.Name);
    });

    public static byte[] Of(JsonElement value)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        Write(buffer, value);
        return buffer.WrittenSpan.ToArray();
    }

    internal static void Write(IBufferWriter<byte> output, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(output, value, static (writer, member, _) => Write(writer, member.Value), 0);
                break;
            case JsonValueKind.Array:
                WriteArray(output, value);
                break;
            case JsonValueKind.String:
                WriteString(output, value);
                break;
            case JsonValueKind.Number:
                WriteNumber(output, value);
                break;
            default:
                output.Write(JsonMarshal.GetRawUtf8Value(value)); // true, false, null
                break;
        }
    }

    /// <param name="writeMember">Writes a member's value, knowing its name.</param>
    internal static void WriteObject<TArg>(IBufferWriter<byte> output, JsonElement value, Action<IBufferWriter<byte>, JsonProperty, TArg> writeMember, TArg arg)
    {
        var members = ArrayPool<JsonProperty>.Shared.Rent(value.GetPropertyCount());
        var count = 0;
        foreach (var member in value.EnumerateObject())
            members[count++] = member;
        Array.Sort(members, 0, count, ByName);
        output.Write("{"u8);
        for (var i = 0; i < count; i++)
        {
            if (i > 0)
                output.Write(","u8);
            WriteName(output, members[i]);
            output.Write(":"u8);
            writeMember(output, members[i], arg);
        }
        output.Write("}"u8);
        ArrayPool<JsonProperty>.Shared.Return(members, clearArray: true);
    }

    internal static void WriteString(IBufferWriter<byte> output, string? text)
    {
        if (text is null)
        {
            output.Write("null"u8);
            return;
        }
        Span<byte> small = stackalloc byte[256];
        var utf8 = Encoding.UTF8.GetMaxByteCount(text.Length) <= small.Length ? small : new byte[Encoding.UTF8.GetByteCount(text)];
        utf8 = utf8[..Encoding.UTF8.GetBytes(text, utf8)];
        output.Write("\""u8);
        while (utf8.IndexOfAny(Escaped) is var at && at >= 0)
        {
            output.Write(utf8[..at]);
            WriteEscape(output, utf8[at]);
            utf8 = utf8[(at + 1)..];
        }
        output.Write(utf8);
        output.Write("\""u8);
    }

    private static void WriteName(IBufferWriter<byte> output, JsonProperty member)
    {
        var raw = JsonMarshal.GetRawUtf8PropertyName(member);
        if (raw.IndexOfAny(Escaped) >= 0)
        {
            WriteString(output, member.Name);
            return;
        }
        output.Write("\""u8);
        output.Write(raw);
        output.Write("\""u8);
    }

    private static void WriteArray(IBufferWriter<byte> output, JsonElement value)
    {
        output.Write("["u8);
        var first = true;
        foreach (var item in value.EnumerateArray())
        {
            if (!first)
                output.Write(","u8);
            first = false;
            Write(output, item);
        }
        output.Write("]"u8);
    }

    private static void WriteString(IBufferWriter<byte> output, JsonElement value)
    {
        var raw = JsonMarshal.GetRawUtf8Value(value);
        if (raw.Contains((byte)'\\'))
            WriteString(output, value.GetString());
        else
            output.Write(raw); // without an escape it is spelled as it must be
    }

    private static void WriteNumber(IBufferWriter<byte> output, JsonElement value)
    {
        var raw = JsonMarshal.GetRawUtf8Value(value);
        if (raw.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0 || !value.TryGetDecimal(out var number))
            output.Write(raw);
        else
            output.Write(Encoding.ASCII.GetBytes((number / 1.0000000000000000000000000000m).ToString(CultureInfo.InvariantCulture)));
    }

    private static bool IsPlain(ReadOnlySpan<byte> name) => Ascii.IsValid(name) && !name.Contains((byte)'\\');

    private static void WriteEscape(IBufferWriter<byte> output, byte letter)
    {
        ReadOnlySpan<byte> escape = letter switch
        {
            (byte)'"' => "\\\""u8,
            (byte)'\\' => "\\\\"u8,
            (byte)'\b' => "\\b"u8,
            (byte)'\f' => "\\f"u8,
            (byte)'\n' => "\\n"u8,
            (byte)'\r' => "\\r"u8,
            (byte)'\t' => "\\t"u8,
            _ => Encoding.ASCII.GetBytes($"\\u{(int)letter:x4}"),
        };
        output.Write(escape);
    }
}
