using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using static EventRtc.Hosting.RouteDescriptions;

namespace EventRtc.Hosting;

/// <summary>Makes of what one route says its operation in the document.</summary>
internal static class RouteOperation
{
    public static async Task Transform(OpenApiOperation operation, OpenApiOperationTransformerContext context, string service, CancellationToken ct)
    {
        var said = context.Description.ActionDescriptor.EndpointMetadata;
        var document = context.Document!;
        if (said.OfType<Saying>().FirstOrDefault() is { } saying)
            (operation.OperationId, operation.Summary) = (saying.Id, saying.Summary);
        operation.Tags = new HashSet<OpenApiTagReference> { new(service, document) };
        operation.Parameters = [.. ParametersOf(operation, said)];
        operation.RequestBody = said.OfType<Taking>().FirstOrDefault() is { } taking ? BodyOf(taking) : null;
        operation.Security = [.. said.OfType<Admitting>().SelectMany(admitting => SecurityOf(admitting, document))];

        document.AddComponent(nameof(ApiError), await context.GetOrCreateSchemaAsync(typeof(ApiError), cancellationToken: ct));
        operation.Responses = ResponsesOf(operation, said, context.Description.HttpMethod!, document);
    }

    private static IEnumerable<IOpenApiParameter> ParametersOf(OpenApiOperation operation, IList<object> said)
    {
        var path = (operation.Parameters ?? []).Where(parameter => parameter.In is ParameterLocation.Path).ToDictionary(parameter => parameter.Name!);
        var asked = said.OfType<Asking>().ToLookup(asking => asking.Name);
        foreach (var parameter in path.Values)
            yield return asked[parameter.Name!].FirstOrDefault() is { } asking ? ParameterOf(asking, ParameterLocation.Path) : parameter;
        foreach (var asking in said.OfType<Asking>().Where(asking => !path.ContainsKey(asking.Name)))
            yield return ParameterOf(asking, asking.InHeader ? ParameterLocation.Header : ParameterLocation.Query);
    }

    private static OpenApiParameter ParameterOf(Asking asking, ParameterLocation location) => new()
    {
        Name = asking.Name,
        In = location,
        Description = asking.What,
        Required = location is ParameterLocation.Path || asking.IsRequired,
        Schema = asking.Many ? new OpenApiSchema { Type = JsonSchemaType.Array, Items = asking.Shape.ToSchema() } : asking.Shape.ToSchema(),
    };

    private static OpenApiRequestBody BodyOf(Taking taking) => new()
    {
        Required = taking.Fields.Any(field => field.IsRequired),
        Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
        {
            [Json] = new()
            {
                Schema = new OpenApiSchema
                {
                    Type = JsonSchemaType.Object,
                    Properties = taking.Fields.ToDictionary(field => field.Name, SchemaOf),
                    Required = taking.Fields.Where(field => field.IsRequired).Select(field => field.Name).ToHashSet(StringComparer.Ordinal),
                },
            },
        },
    };

    private static IOpenApiSchema SchemaOf(BodyField field)
    {
        var schema = field.Shape.ToSchema(orNull: !field.IsRequired);
        schema.Description = field.What;
        return schema;
    }

    /// <summary>Each is enough by itself; the roles stand where OpenAPI 3.1 has them.</summary>
    private static IEnumerable<OpenApiSecurityRequirement> SecurityOf(Admitting admitting, OpenApiDocument document)
    {
        if (admitting.IsOptional)
            yield return [];
        foreach (var role in admitting.Roles)
            yield return new() { [new OpenApiSecuritySchemeReference(ApiDocument.Token, document)] = [role] };
        if (admitting.Roles is [])
            yield return new() { [new OpenApiSecuritySchemeReference(ApiDocument.Token, document)] = [] };
    }

    private static OpenApiResponses ResponsesOf(OpenApiOperation operation, IList<object> said, string method, OpenApiDocument document)
    {
        var responses = new OpenApiResponses();
        foreach (var answering in said.OfType<Answering>())
            responses[Text(answering.Status)] = new OpenApiResponse { Description = answering.What, Content = ContentOf(answering, operation) };
        var refusals = said.OfType<Refusing>().Concat(AlwaysRefused(said, method)).Where(refusing => !responses.ContainsKey(Text(refusing.Status)));
        foreach (var refused in refusals.GroupBy(refusing => refusing.Status).OrderBy(group => group.Key))
            responses[Text(refused.Key)] = RefusalOf([.. refused.SelectMany(refusing => refusing.Codes).Distinct()], document);
        return responses;
    }

    /// <summary>What comes from around the route. One that refuses nothing by itself, such as a health page, needs nothing that could be away.</summary>
    private static IEnumerable<Refusing> AlwaysRefused(IList<object> said, string method)
    {
        if (!said.Any(word => word is Taking or Refusing or Admitting))
            yield break;
        if (said.OfType<Taking>().Any())
        {
            yield return new(StatusCodes.Status400BadRequest, ["validation_failed"]);
            yield return new(StatusCodes.Status415UnsupportedMediaType, ["unsupported_media_type"]);
        }
        if (!HttpMethods.IsGet(method))
            yield return new(StatusCodes.Status413PayloadTooLarge, ["payload_too_large"]);
        yield return new(StatusCodes.Status500InternalServerError, ["internal_error"]);
        yield return new(StatusCodes.Status503ServiceUnavailable, ["unavailable"]);
    }

    private static Dictionary<string, OpenApiMediaType> ContentOf(Answering answering, OpenApiOperation operation) => answering.Media.ToDictionary(
        media => media,
        media => operation.Responses?.TryGetValue(Text(answering.Status), out var found) is true && found.Content?.TryGetValue(media, out var content) is true
            ? content
            : new OpenApiMediaType { Schema = media.StartsWith("text/", StringComparison.Ordinal) ? Shape.AnyText.ToSchema() : null });

    private static OpenApiResponse RefusalOf(IReadOnlyList<string> codes, OpenApiDocument document) => new()
    {
        Description = string.Join(", ", codes),
        Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
        {
            [Json] = new()
            {
                Schema = new OpenApiSchema
                {
                    AllOf =
                    [
                        new OpenApiSchemaReference(nameof(ApiError), document),
                        new OpenApiSchema { Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal) { ["code"] = Shape.OneOf(codes).ToSchema() } },
                    ],
                },
            },
        },
    };

    private static string Text(int status) => status.ToString(CultureInfo.InvariantCulture);
}
