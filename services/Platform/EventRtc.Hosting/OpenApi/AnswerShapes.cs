using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace EventRtc.Hosting;

/// <summary>Makes the schemas of records say what our JSON writer does with them: what is null is left out, and everything else is always there.</summary>
internal static class AnswerShapes
{
    public static Task Transform(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken ct)
    {
        var type = context.JsonTypeInfo;
        if (IsText(Nullable.GetUnderlyingType(type.Type) ?? type.Type))
            schema.Type = JsonSchemaType.String;
        if (schema.Properties is { } properties)
            schema.Required = type.Properties.Where(property => !property.IsGetNullable && properties.ContainsKey(property.Name)).Select(property => property.Name).ToHashSet(StringComparer.Ordinal);
        return Task.CompletedTask;
    }

    /// <summary>Records of one file bear short names, such as Answer; here they all lie together.</summary>
    public static string? NameOf(JsonTypeInfo type) =>
        OpenApiOptions.CreateDefaultSchemaReferenceId(type) is { } name ? $"{type.Type.DeclaringType?.Name}{name}" : null;

    /// <summary>Done at the end, when one record refers to another.</summary>
    public static void Finish(OpenApiDocument document)
    {
        var records = document.Components?.Schemas ?? new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal);
        var answers = document.Paths.Values.SelectMany(path => path.Operations!.Values).SelectMany(operation => operation.Responses!.Values)
            .SelectMany(response => response.Content!.Values).Select(media => media.Schema).ToList();
        foreach (var schema in records.Values.Concat(answers))
            LeaveOutNulls(schema);

        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (var answer in answers)
            Follow(answer);
        foreach (var bound in records.Keys.Except(used).ToList())
            records.Remove(bound); // what a handler reads its body into; that is described by the route itself

        void Follow(IOpenApiSchema? schema)
        {
            if (schema is OpenApiSchemaReference { Reference.Id: { } record } && used.Add(record))
                Follow(records[record]);
            else if (schema is OpenApiSchema own)
                foreach (var part in (IEnumerable<IOpenApiSchema?>)[.. own.Properties?.Values ?? [], .. own.AllOf ?? [], own.Items, own.AdditionalProperties])
                    Follow(part);
        }
    }

    /// <summary>References are left alone: what they lead to is done by itself.</summary>
    private static void LeaveOutNulls(IOpenApiSchema? schema)
    {
        if (schema is not OpenApiSchema own)
            return;
        foreach (var (name, property) in own.Properties?.ToList() ?? [])
            own.Properties![name] = WithoutNull(property);
        if (own.Items is { } items)
            own.Items = WithoutNull(items);
        LeaveOutNulls(own.AdditionalProperties);
    }

    private static IOpenApiSchema WithoutNull(IOpenApiSchema schema)
    {
        if (schema is OpenApiSchema { OneOf: [{ Type: JsonSchemaType.Null }, var other] })
            return other;
        if (schema is OpenApiSchema { Type: { } types } own && types != JsonSchemaType.Null)
            own.Type = types & ~JsonSchemaType.Null;
        LeaveOutNulls(schema);
        return schema;
    }

    /// <summary>Ids and the like, which write themselves as the text that they are read from.</summary>
    private static bool IsText(Type type) =>
        type is { IsValueType: true, IsPrimitive: false } && type.Namespace?.StartsWith("System", StringComparison.Ordinal) is not true
        && Array.Exists(type.GetInterfaces(), contract => contract.IsGenericType && contract.GetGenericTypeDefinition() == typeof(IParsable<>));
}
