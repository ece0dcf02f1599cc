using System.Collections.Frozen;
using System.Text.Json.Nodes;

namespace EventRtc.Domain;

/// <summary>
/// Fields of event bodies that only operators may read: whatever shows or exports events puts <see cref="Mask"/> in their place. A name never leaves
/// this list, because the hashes of stored events were made with it.
/// </summary>
public static class SecretFields
{
    public const string Mask = "***";

    /// <summary>At the top level of a body, whatever the event.</summary>
    public static FrozenSet<string> Names { get; } = FrozenSet.ToFrozenSet(["pin", "nonce"], StringComparer.Ordinal);

    /// <summary>The body as everybody may see it.</summary>
    /// <returns>The same object, changed.</returns>
    public static JsonNode? Hide(JsonNode? body)
    {
        if (body is JsonObject fields)
            foreach (var secret in Names.Where(fields.ContainsKey))
                fields[secret] = Mask;
        return body;
    }
}
