using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace EventRtc.Hosting;

/// <summary>
/// <c>GET /openapi.json</c>, for everybody: what the service's routes say of themselves (<see cref="RouteDescriptions"/>), with the shapes of the records that they answer with.
/// </summary>
internal static class ApiDocument
{
    /// <summary>The security scheme's name.</summary>
    internal const string Token = "token";

    /// <summary>Of the contract, not of the build: raised when a caller has to change.</summary>
    private const string Version = "1.0.0";

    public static void AddApiDocument(this IServiceCollection services, string service) => services.AddOpenApi(options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.ShouldInclude = route => route.HttpMethod is not (null or "HEAD" or "CONNECT"); // as GET, or not to be described
        options.CreateSchemaReferenceId = AnswerShapes.NameOf;
        options.AddSchemaTransformer(AnswerShapes.Transform);
        options.AddOperationTransformer((operation, context, ct) => RouteOperation.Transform(operation, context, service, ct));
        options.AddDocumentTransformer((document, context, _) =>
        {
            MustBeWhole(context.ApplicationServices.GetRequiredService<EndpointDataSource>());
            Complete(document, service);
            AnswerShapes.Finish(document);
            return Task.CompletedTask;
        });
    });

    public static void MapApiDocument(this WebApplication app) => app.MapOpenApi("/openapi.json");

    private static void Complete(OpenApiDocument document, string service)
    {
        document.Info = new OpenApiInfo
        {
            Title = $"EventRtc {service}",
            Version = Version,
            Description = "Every refusal has the shape of ApiError; its code is stable and for programs. A refusal that is retryable may be sent again as it is.",
        };
        document.Servers = []; // wherever the document came from
        document.Tags = document.Paths.Values.SelectMany(path => path.Operations!.Values).SelectMany(operation => operation.Tags!).Select(tag => new OpenApiTag { Name = tag.Name }).ToHashSet();
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
        {
            [Token] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                BearerFormat = "JWT",
                Description = "A room's token or a staff token; the roles that are enough stand at each call. AUTH_MODE=open lets everybody do everything.",
            },
        };
    }

    /// <summary>A route of which nobody could read here is a fault of its author, who sees it in the first test that asks for the document.</summary>
    private static void MustBeWhole(EndpointDataSource routes)
    {
        var silent = routes.Endpoints.OfType<RouteEndpoint>().Where(IsSilent).Select(route => route.DisplayName).ToList();
        if (silent is not [])
            throw new InvalidOperationException($"These routes do not say what they are, see {nameof(RouteDescriptions)}.{nameof(RouteDescriptions.Says)}: {string.Join("; ", silent)}");
    }

    private static bool IsSilent(RouteEndpoint route) =>
        route.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is not { ExcludeFromDescription: true }
        && (route.Metadata.GetMetadata<RouteDescriptions.Saying>() is null || route.Metadata.GetMetadata<IHttpMethodMetadata>() is not { HttpMethods: [_, ..] });
}
