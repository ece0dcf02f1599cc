using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using Xunit;

namespace EventRtc.Services.Tests.Documents;

/// <summary>A service's <c>/openapi.json</c>, and which of the answers that it promises have been seen.</summary>
internal sealed class ServedDocument
{
    private readonly ConcurrentDictionary<(string Operation, int Status), bool> seen = new();

    private ServedDocument(string text)
    {
        Text = text;
        Root = JsonNode.Parse(text)!.AsObject();
        Operations = [.. from path in Root["paths"]!.AsObject() from operation in path.Value!.AsObject() select new Operation(this, operation.Key.ToUpperInvariant(), path.Key, operation.Value!.AsObject())];
    }

    public string Text { get; }

    public JsonObject Root { get; }

    public IReadOnlyList<Operation> Operations { get; }

    /// <summary>Answers that were held against the document, by operation id and status.</summary>
    public IEnumerable<(string Operation, int Status)> Seen => seen.Keys;

    public static async Task<ServedDocument> Of(HttpClient service)
    {
        using var answer = await service.GetAsync(new Uri("/openapi.json", UriKind.Relative));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return new ServedDocument(text);
    }

    public Operation Find(string id) => Operations.Single(operation => operation.Id == id);

    /// <summary>What a call with an address like <c>/api/rooms/abc?limit=1</c> is; null when it is none of the document's.</summary>
    public Operation? Find(string method, string address)
    {
        var path = address.Split('?')[0].TrimEnd('/').Split('/');
        return Operations.Where(operation => operation.Method == method && operation.Fits(path)).MinBy(operation => operation.Path.Count(character => character is '{'));
    }

    /// <summary>Fails when the answer is not as the document says; a call that is none of its operations may be answered as it likes.</summary>
    /// <param name="body">Undefined where it is not JSON.</param>
    public void Hold(string method, string address, int status, string? media, JsonElement body)
    {
        if (Find(method, address) is not { } operation)
            return;
        operation.MustPromise(status, media, body);
        seen[(operation.Id, status)] = true;
    }

    /// <summary>A schema of this document with all that it refers to. Objects are closed: a field that is not declared is a fault here, where clients may meet one some day.</summary>
    public JsonSchema SchemaOf(JsonNode schema)
    {
        var whole = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["allOf"] = new JsonArray(schema.DeepClone()),
            ["$defs"] = Root["components"]?["schemas"]?.DeepClone() ?? new JsonObject(),
        };
        Close(whole);
        return JsonSchema.FromText(whole.ToJsonString().Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal));
    }

    /// <returns>What is wrong with the JSON; nothing when it is as the schema says.</returns>
    public static IReadOnlyList<string> Faults(JsonSchema schema, JsonElement json)
    {
        var result = schema.Evaluate(json, new EvaluationOptions { OutputFormat = OutputFormat.List, RequireFormatValidation = true });
        if (result.IsValid)
            return [];
        return [.. from detail in result.Details ?? [] from error in detail.Errors ?? new Dictionary<string, string>() select $"{detail.InstanceLocation}: {error.Key} {error.Value}"];
    }

    private static void Close(JsonNode? node)
    {
        if (node is JsonArray items)
            foreach (var item in items)
                Close(item);
        if (node is not JsonObject json)
            return;
        if (json["type"] is JsonValue type && type.ToString() == "object" && json["properties"] is JsonObject && !json.ContainsKey("additionalProperties"))
            json["additionalProperties"] = false;
        foreach (var (_, child) in json.ToList())
            Close(child);
    }
}
