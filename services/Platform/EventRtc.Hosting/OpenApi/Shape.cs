using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace EventRtc.Hosting;

/// <summary>What a value from outside may be, for the document. It is checked where it is read; tests hold the two together.</summary>
public sealed record Shape
{
    private readonly JsonSchemaType type;

    private Shape(JsonSchemaType type) => this.type = type;

    public static Shape Flag { get; } = new(JsonSchemaType.Boolean);

    public static Shape AnyText { get; } = new(JsonSchemaType.String);

    public static Shape Uuid { get; } = new(JsonSchemaType.String) { Format = "uuid" };

    private string? Pattern { get; init; }

    private string? Format { get; init; }

    private long? Least { get; init; }

    private long? Most { get; init; }

    private IReadOnlyList<string> Words { get; init; } = [];

    /// <param name="pattern">ECMA 262, as JSON Schema has it; anchored by the caller.</param>
    public static Shape Text(string pattern) => new(JsonSchemaType.String) { Pattern = pattern };

    public static Shape OneOf(IEnumerable<string> words) => new(JsonSchemaType.String) { Words = [.. words] };

    /// <param name="most">Null: as large as a long can be.</param>
    public static Shape Whole(long least, long? most = null) => new(JsonSchemaType.Integer) { Least = least, Most = most };

    /// <param name="orNull">Null counts as absent.</param>
    internal OpenApiSchema ToSchema(bool orNull = false) => new()
    {
        Type = orNull ? type | JsonSchemaType.Null : type,
        Pattern = Pattern,
        Format = Format,
        Minimum = $"{Least}" is { Length: > 0 } least ? least : null,
        Maximum = $"{Most}" is { Length: > 0 } most ? most : null,
        Enum = Words is [] ? null : [.. Words.Select(word => (JsonNode)word), .. orNull ? [null!] : Array.Empty<JsonNode>()],
    };
}

/// <summary>A field of a JSON body.</summary>
/// <param name="What">For people: what it means, its unit, its default.</param>
/// <param name="IsRequired">False: it may be absent or null.</param>
public sealed record BodyField(string Name, Shape Shape, string What, bool IsRequired = false);
