using System.Text.Json.Nodes;

namespace EventRtc.Domain;

/// <summary>One field that two JSON objects differ in.</summary>
/// <param name="Field">Its name, with those of the objects around it before it: <c>live.rtpPort</c>.</param>
/// <param name="Old">Null when it was not there.</param>
/// <param name="New">Null when it is not there any more.</param>
public sealed record JsonChange(string Field, JsonNode? Old, JsonNode? New)
{
    /// <summary>Every field that differs, in the order in which the objects name them.</summary>
    public static IReadOnlyList<JsonChange> Between(JsonObject old, JsonObject @new) => [.. Between("", old, @new)];

    /// <summary>As everybody may see it: that a secret changed, and not to what.</summary>
    public JsonChange Masked() => SecretFields.Names.Contains(Field[(Field.LastIndexOf('.') + 1)..])
        ? this with { Old = Old is null ? null : SecretFields.Mask, New = New is null ? null : SecretFields.Mask }
        : this;

    private static IEnumerable<JsonChange> Between(string path, JsonObject? old, JsonObject? @new)
    {
        var names = (old ?? []).Select(field => field.Key).Union((@new ?? []).Select(field => field.Key));
        foreach (var name in names.ToList())
        {
            var (before, after) = (old?[name], @new?[name]);
            if (before is JsonObject or null && after is JsonObject or null)
            {
                foreach (var change in Between($"{path}{name}.", before as JsonObject, after as JsonObject))
                    yield return change;
            }
            else if (!JsonNode.DeepEquals(before, after))
            {
                yield return new JsonChange($"{path}{name}", before?.DeepClone(), after?.DeepClone());
            }
        }
    }
}
