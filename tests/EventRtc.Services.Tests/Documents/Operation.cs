using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using Xunit;

namespace EventRtc.Services.Tests.Documents;

/// <summary>One call as a document has it.</summary>
internal sealed class Operation(ServedDocument document, string method, string path, JsonObject json)
{
    private const string JsonMedia = "application/json";
    private readonly ConcurrentDictionary<int, JsonSchema> schemas = new();
    private readonly string[] segments = path.Split('/');

    public string Method => method;

    public string Path => path;

    public string Id => json["operationId"]?.ToString() ?? "";

    public string Summary => json["summary"]?.ToString() ?? "";

    public IReadOnlyList<string> Tags => [.. (json["tags"]?.AsArray() ?? []).Select(tag => tag!.ToString())];

    public JsonObject Responses => json["responses"]!.AsObject();

    public IReadOnlyList<int> Statuses => [.. Responses.Select(response => int.Parse(response.Key, CultureInfo.InvariantCulture))];

    public IReadOnlyList<JsonObject> Parameters => [.. (json["parameters"]?.AsArray() ?? []).Select(parameter => parameter!.AsObject())];

    /// <summary>Of the body that it takes; null when it takes none.</summary>
    public JsonObject? BodySchema => json["requestBody"]?["content"]?[JsonMedia]?["schema"]?.AsObject();

    /// <summary>Ordered; those with a question mark may be left out.</summary>
    public string BodyFields
    {
        get
        {
            var required = (BodySchema?["required"]?.AsArray() ?? []).Select(name => name!.ToString()).ToList();
            return Words((BodySchema?["properties"]?.AsObject() ?? []).Select(one => (one.Key, required.Contains(one.Key))));
        }
    }

    /// <inheritdoc cref="BodyFields"/>
    public string Query => Words(Parameters.Where(parameter => parameter["in"]!.ToString() is "query").Select(parameter => (parameter["name"]!.ToString(), parameter["required"]?.GetValue<bool>() is true)));

    /// <summary>Whether a token is asked for at all.</summary>
    public bool IsSecured => json["security"] is JsonArray { Count: > 0 };

    /// <summary>Whose tokens are enough; everybody where a call without a token is answered as well.</summary>
    public IReadOnlyList<string> Who => json["security"]?.AsArray() is { Count: > 0 } ways && !ways.Any(way => way!.AsObject().Count == 0)
        ? [.. ways.SelectMany(way => way!["token"]!.AsArray()).Select(role => role!.ToString())]
        : ["everybody"];

    /// <summary>Every code that a refusal with this status can have.</summary>
    public IReadOnlyList<string> Codes(int status) =>
        [.. (SchemaText(status)?["allOf"]?[1]?["properties"]?["code"]?["enum"]?.AsArray() ?? []).Select(code => code!.ToString())];

    public bool Fits(string[] address) =>
        address.Length == segments.Length && segments.Zip(address).All(pair => pair.First.StartsWith('{') ? pair.Second.Length > 0 : pair.First == pair.Second);

    public void MustPromise(int status, string? media, JsonElement body)
    {
        Assert.True(Responses.ContainsKey(Text(status)), $"{this} was answered {status}, of which its document says nothing: {(body.ValueKind is JsonValueKind.Undefined ? media : body.GetRawText())}");
        var content = Responses[Text(status)]!["content"]?.AsObject();
        Assert.True(content is null ? media is null : media is not null && content.ContainsKey(media), $"{this} was answered {status} as {media}, and its document says {content?.ToJsonString()}");
        if (media == JsonMedia)
            Assert.True(ServedDocument.Faults(SchemaOf(status), body) is [] and var faults, $"{this}, {status}: {body.GetRawText()}\n{string.Join('\n', ServedDocument.Faults(SchemaOf(status), body))}");
    }

    /// <summary>Whether the answer with this status can have a field such as <c>rooms[].hlsUrl</c>.</summary>
    public bool Declares(int status, string field)
    {
        var schema = Resolved(SchemaText(status));
        foreach (var step in field.Split('.'))
        {
            schema = Resolved(schema?["properties"]?[step.TrimEnd('[', ']')]);
            if (step.EndsWith("[]", StringComparison.Ordinal))
                schema = Resolved(schema?["items"]);
        }
        return schema is not null;
    }

    public override string ToString() => $"{method} {path}";

    private JsonSchema SchemaOf(int status) => schemas.GetOrAdd(status, _ => document.SchemaOf(SchemaText(status)!));

    private JsonNode? SchemaText(int status) => Responses[Text(status)]?["content"]?[JsonMedia]?["schema"];

    private JsonNode? Resolved(JsonNode? schema) => schema?["$ref"]?.ToString() is { } reference
        ? document.Root["components"]!["schemas"]![reference.Split('/')[^1]]
        : schema?["allOf"]?[0] is { } first ? Resolved(first) : schema;

    private static string Words(IEnumerable<(string Name, bool IsRequired)> taken) =>
        string.Join(' ', taken.OrderBy(one => one.Name, StringComparer.Ordinal).Select(one => one.IsRequired ? one.Name : $"{one.Name}?"));

    private static string Text(int status) => status.ToString(CultureInfo.InvariantCulture);
}
