using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using EventRtc.Domain;

namespace EventRtc.EventStore;

/// <summary>The whole log at one time.</summary>
/// <param name="LastPosition">The last event's position; 0 for an empty log.</param>
/// <param name="Digest">Over all its events, see <see cref="LogDigest"/>.</param>
public sealed record LogHead(long Count, long LastPosition, string Digest, DateTimeOffset At);

/// <summary>The events that one file holds.</summary>
/// <param name="Digest">Over them, see <see cref="LogDigest"/>.</param>
public sealed record ExportedPart(long Count, string Digest);

/// <summary>The head of the log, signed; the last line of an export, or a file by itself.</summary>
/// <param name="Only">What was asked for by name, as <see cref="ExportRequest"/> has it; null for everything. Called <c>rooms</c> in every file that there is.</param>
/// <param name="Exported">What stands before it in its file; null for a head by itself.</param>
/// <param name="Key">Of the signer: SubjectPublicKeyInfo in base64.</param>
/// <param name="Signature">Over the canonical JSON of all the rest; ECDSA P-256 with SHA-256, DER in base64.</param>
public sealed record SignedHead(
    LogHead Head, [property: JsonPropertyName("rooms")] IReadOnlyList<string>? Only = null, ExportedPart? Exported = null, string Key = "", string? Signature = null)
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };
    private static readonly JsonSerializerOptions Readable = new(DomainJson.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public SignedHead SignedBy(AuditKey key)
    {
        var unsigned = this with { Key = key.PublicKey, Signature = null };
        return unsigned with { Signature = key.Sign(CanonicalJson.Of(JsonSerializer.SerializeToElement(unsigned, DomainJson.Options))) };
    }

    public string ToJson() => JsonSerializer.Serialize(this, Readable);

    /// <exception cref="JsonException">The text is no signed head.</exception>
    public static SignedHead Parse(string json) => JsonSerializer.Deserialize<SignedHead>(json, DomainJson.Options) ?? throw new JsonException("A head is an object.");

    /// <summary>Whether the text, with all that stands in it, is what the holder of its key has signed.</summary>
    public static bool IsGenuine(string json)
    {
        if (JsonNode.Parse(json, documentOptions: Strict) is not JsonObject fields || fields["signature"]?.GetValue<string>() is not { } signature || fields["key"]?.GetValue<string>() is not { } key)
            return false;
        fields.Remove("signature");
        return AuditKey.IsSigned(CanonicalJson.Of(JsonSerializer.SerializeToElement(fields)), key, signature);
    }
}
