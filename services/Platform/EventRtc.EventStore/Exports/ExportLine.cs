using System.Globalization;
using System.Text.Json;
using EventRtc.Domain;

namespace EventRtc.EventStore;

/// <summary>
/// One event of an export. With its secrets masked it carries their commitments, and otherwise the salt: either way everybody can recompute its hash.
/// </summary>
internal static class ExportLine
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <returns>The hash that the content gives.</returns>
    public static string Write(Utf8JsonWriter json, RecordedEvent e, bool masked)
    {
        using var body = JsonDocument.Parse(e.Json);
        json.WriteStartObject();
        json.WriteNumber("position"u8, e.Position.Value);
        json.WriteString("stream"u8, e.Stream.Value);
        json.WriteNumber("version"u8, e.Version);
        json.WriteString("id"u8, e.Id);
        json.WriteString("type"u8, e.Type);
        json.WriteString("at"u8, IsoTime.Text(e.At));
        json.WriteString("actor"u8, e.Headers.Actor);
        json.WriteString("commandId"u8, e.Headers.CommandId);
        json.WriteString("correlationId"u8, e.Headers.CorrelationId);
        WriteText(json, "traceparent", e.Headers.Traceparent);
        json.WritePropertyName("data"u8);
        WriteBody(json, body.RootElement, masked);
        WriteText(json, "hash", e.Proof?.Hash);
        WriteText(json, "previousHash", e.Proof?.PreviousHash);
        if (!masked)
            WriteText(json, "salt", e.Proof?.Salt);
        else if (e.Proof?.Salt is { } salt)
            WriteCommitments(json, EventHash.Commitments(body.RootElement, salt));
        json.WriteEndObject();
        json.Flush();
        return EventHash.Of(e.Stream.Value, e.Version, e.Id, e.Type, e.At, e.Headers, body.RootElement, e.Proof?.PreviousHash, e.Proof?.Salt);
    }

    /// <summary>Reads a line back, and the hash that its content gives.</summary>
    /// <exception cref="JsonException">Not a line of an export; the message says what is wrong with it.</exception>
    public static (RecordedEvent Event, string Hash) Read(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line, Strict);
            var root = json.RootElement;
            var body = Field(root, "data");
            var headers = new EventHeaders(Text(root, "actor"), Guid.Parse(Text(root, "commandId")), Text(root, "correlationId"), MaybeText(root, "traceparent"));
            var (previous, salt) = (MaybeText(root, "previousHash"), MaybeText(root, "salt"));
            var e = new RecordedEvent(
                new Position(Field(root, "position").GetInt64()), StreamId.Stored(Text(root, "stream")), Field(root, "version").GetInt64(), Guid.Parse(Text(root, "id")), Text(root, "type"),
                body.GetRawText(), DateTimeOffset.Parse(Text(root, "at"), CultureInfo.InvariantCulture), headers, MaybeText(root, "hash") is { } hash ? new EventProof(hash, previous, salt) : null);
            if (e.Proof is null && (previous ?? salt) is not null)
                throw new JsonException("hash: is missing");
            return (e, EventHash.Of(e.Stream.Value, e.Version, e.Id, e.Type, e.At, headers, body, previous, salt, CommitmentsOf(root, body)));
        }
        catch (Exception fault) when (fault is FormatException or InvalidOperationException)
        {
            throw new JsonException("a field is not of its kind", fault);
        }
    }

    private static void WriteBody(Utf8JsonWriter json, JsonElement body, bool masked)
    {
        if (!masked || !EventHash.HasSecrets(body))
        {
            body.WriteTo(json);
            return;
        }
        json.WriteStartObject();
        foreach (var field in body.EnumerateObject())
            if (SecretFields.Names.Contains(field.Name))
                json.WriteString(field.Name, SecretFields.Mask);
            else
                field.WriteTo(json);
        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, string name, string? text)
    {
        if (text is not null)
            json.WriteString(name, text);
    }

    private static void WriteCommitments(Utf8JsonWriter json, IReadOnlyDictionary<string, string> commitments)
    {
        json.WriteStartObject("commitments"u8);
        foreach (var (field, commitment) in commitments)
            json.WriteString(field, commitment);
        json.WriteEndObject();
    }

    /// <summary>What stands beside a commitment is not covered by any hash, so it must be the mask.</summary>
    private static Dictionary<string, string>? CommitmentsOf(JsonElement line, JsonElement body)
    {
        if (!line.TryGetProperty("commitments", out var given))
            return null;
        var commitments = given.EnumerateObject().ToDictionary(field => field.Name, field => field.Value.GetString() ?? "", StringComparer.Ordinal);
        foreach (var name in commitments.Keys)
            if (!body.TryGetProperty(name, out var shown) || !shown.ValueEquals(SecretFields.Mask))
                throw new JsonException($"data.{name}: is committed to and must be masked");
        return commitments;
    }

    private static JsonElement Field(JsonElement line, string name) => line.TryGetProperty(name, out var value) ? value : throw new JsonException($"{name}: is missing");

    private static string Text(JsonElement line, string name) => Field(line, name).GetString() ?? throw new JsonException($"{name}: is missing");

    private static string? MaybeText(JsonElement line, string name) => line.TryGetProperty(name, out var value) ? value.GetString() : null;
}
