using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EventRtc.Domain;

namespace EventRtc.EventStore;

/// <summary>
/// The hash of an event: SHA-256 over the canonical JSON array
/// <c>["eventrtc-1", stream, version, id, type, at, previousHash, {actor, commandId, correlationId, traceparent}, body]</c> with <c>at</c> in UTC to the
/// microsecond (<c>2026-03-01T12:00:00.000000Z</c>), null for what is missing, and in place of each secret field of the body its commitment, the
/// HMAC-SHA-256 of its canonical value under the event's salt. So whoever may not see a secret can still recompute the hash from the commitment.
/// The position is not part of it: it is not known when an event is made, and the digest of the log covers it (<see cref="LogDigest"/>).
/// </summary>
public static class EventHash
{
    private static readonly IReadOnlyDictionary<string, string> NoCommitments = new Dictionary<string, string>();

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? buffer;

    /// <param name="body">The event's body, a JSON object as a rule.</param>
    /// <param name="commitments">For a body with masked secrets: what stands in their place. Null when it is whole.</param>
    public static string Of(
        string stream, long version, Guid id, string type, DateTimeOffset at, EventHeaders headers, JsonElement body,
        string? previousHash, string? salt, IReadOnlyDictionary<string, string>? commitments = null)
    {
        var output = buffer ??= new ArrayBufferWriter<byte>(1024);
        output.ResetWrittenCount();
        output.Write("[\"eventrtc-1\","u8);
        Text(output, stream);
        Ascii(output, version.ToString(CultureInfo.InvariantCulture));
        Text(output, id.ToString());
        Text(output, type);
        Text(output, at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
        Text(output, previousHash);
        output.Write("{\"actor\":"u8);
        Text(output, headers.Actor);
        output.Write("\"commandId\":"u8);
        Text(output, headers.CommandId.ToString());
        output.Write("\"correlationId\":"u8);
        Text(output, headers.CorrelationId);
        output.Write("\"traceparent\":"u8);
        CanonicalJson.WriteString(output, headers.Traceparent);
        output.Write("},"u8);
        WriteBody(output, body, salt, commitments ?? NoCommitments);
        output.Write("]"u8);

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(output.WrittenSpan, hash);
        return Convert.ToHexStringLower(hash);
    }

    /// <summary>The hash of a recorded event as its content gives it, whatever its proof says.</summary>
    public static string Of(RecordedEvent e)
    {
        using var body = JsonDocument.Parse(e.Json);
        return Of(e.Stream.Value, e.Version, e.Id, e.Type, e.At, e.Headers, body.RootElement, e.Proof?.PreviousHash, e.Proof?.Salt);
    }

    /// <summary>What stands for each secret field of a body where the body is shown without them.</summary>
    public static IReadOnlyDictionary<string, string> Commitments(JsonElement body, string? salt) =>
        HasSecrets(body)
            ? body.EnumerateObject().Where(member => SecretFields.Names.Contains(member.Name)).ToDictionary(member => member.Name, member => Commit(member.Value, salt), StringComparer.Ordinal)
            : NoCommitments;

    internal static string NewSalt() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    internal static bool HasSecrets(JsonElement body) =>
        body.ValueKind is JsonValueKind.Object && SecretFields.Names.Any(name => body.TryGetProperty(name, out _));

    private static void WriteBody(IBufferWriter<byte> output, JsonElement body, string? salt, IReadOnlyDictionary<string, string> commitments)
    {
        if (!HasSecrets(body))
            CanonicalJson.Write(output, body);
        else
            CanonicalJson.WriteObject(output, body, static (writer, member, value) =>
            {
                if (SecretFields.Names.Contains(member.Name))
                    CanonicalJson.WriteString(writer, member.Arg.commitments.GetValueOrDefault(member.Name) ?? Commit(value, member.Arg.salt));
                else
                    CanonicalJson.Write(writer, value);
            }, (salt, commitments));
    }

    /// <summary>Without a salt a secret could be guessed by its commitment, so then it is not covered: the mask stands for it. Only events without a proof have none.</summary>
    private static string Commit(JsonElement value, string? salt) =>
        salt is null ? SecretFields.Mask : Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.ASCII.GetBytes(salt), CanonicalJson.Of(value)));

    private static void Text(ArrayBufferWriter<byte> output, string? text)
    {
        CanonicalJson.WriteString(output, text);
        output.Write(","u8);
    }

    private static void Ascii(ArrayBufferWriter<byte> output, string text)
    {
        output.Advance(Encoding.ASCII.GetBytes(text, output.GetSpan(text.Length)));
        output.Write(","u8);
    }
}
