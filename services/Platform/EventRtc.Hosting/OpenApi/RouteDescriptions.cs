using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace EventRtc.Hosting;

/// <summary>
/// What a route says of itself in <c>/openapi.json</c>, beside its mapping. What every route answers alike (500, 503 while a server is away, 400, 413 and 415 where there is a body) is said once, in <see cref="ApiDocument"/>.
/// </summary>
public static class RouteDescriptions
{
    internal const string Json = "application/json";

    /// <summary>Every route says this much; the document fails over one that does not, unless it is excluded from descriptions by name.</summary>
    /// <param name="id">For generated clients: camelCase, unique within the service.</param>
    /// <param name="summary">One sentence for people.</param>
    public static TRoute Says<TRoute>(this TRoute route, string id, string summary) where TRoute : IEndpointConventionBuilder
    {
        route.Add(endpoint =>
        {
            if (!endpoint.Metadata.OfType<MethodInfo>().Any())
                endpoint.Metadata.Add(endpoint.RequestDelegate!.Method); // without a method the API explorer does not see it
        });
        return route.With(new Saying(id, summary));
    }

    /// <summary>A JSON object; a field that is not named here is not read.</summary>
    public static TRoute Takes<TRoute>(this TRoute route, params BodyField[] fields) where TRoute : IEndpointConventionBuilder => route.With(new Taking(fields));

    /// <summary>A parameter in the path or the query, or a header.</summary>
    /// <param name="what">For people: what it means, its default.</param>
    /// <param name="many">It may be repeated.</param>
    public static TRoute Asks<TRoute>(this TRoute route, string name, Shape shape, string what, bool isRequired = false, bool many = false) where TRoute : IEndpointConventionBuilder =>
        route.With(new Asking(name, shape, what, isRequired, many));

    /// <inheritdoc cref="Asks"/>
    public static TRoute AsksHeader<TRoute>(this TRoute route, string name, Shape shape, string what) where TRoute : IEndpointConventionBuilder =>
        route.With(new Asking(name, shape, what, InHeader: true));

    /// <summary>The same call may be sent again under the same key.</summary>
    public static TRoute IsRepeatable<TRoute>(this TRoute route) where TRoute : IEndpointConventionBuilder => route.AsksHeader(
        IdempotencyKey.Header, Shape.AnyText, "Two calls with one key are one: the second is answered as the first was, and nothing happens twice.");

    /// <typeparam name="TBody">Written as JSON; null fields are left out, all others are always there.</typeparam>
    public static RouteHandlerBuilder Answers<TBody>(this RouteHandlerBuilder route, int status, string what) =>
        route.With(new Answering(status, what, Json)).WithMetadata(new ProducesResponseTypeMetadata(status, typeof(TBody), [Json]));

    /// <summary>An answer that is not JSON.</summary>
    /// <param name="media">Null: no body.</param>
    public static TRoute Answers<TRoute>(this TRoute route, int status, string what, params string[] media) where TRoute : IEndpointConventionBuilder =>
        route.With(new Answering(status, what, media));

    /// <summary>As <see cref="ApiError"/>.</summary>
    /// <param name="codes">Every <see cref="ApiError.Code"/> that comes with this status.</param>
    public static TRoute Refuses<TRoute>(this TRoute route, int status, params string[] codes) where TRoute : IEndpointConventionBuilder =>
        route.With(new Refusing(status, codes));

    /// <param name="isOptional">Without one there is an answer as well.</param>
    /// <param name="roles">One of them is enough; nothing for any token of ours.</param>
    public static TRoute WantsToken<TRoute>(this TRoute route, bool isOptional, params string[] roles) where TRoute : IEndpointConventionBuilder =>
        route.With(new Admitting(isOptional, roles));

    private static TRoute With<TRoute>(this TRoute route, object said) where TRoute : IEndpointConventionBuilder => route.WithMetadata(said);

    internal sealed record Saying(string Id, string Summary);

    internal sealed record Taking(IReadOnlyList<BodyField> Fields);

    internal sealed record Asking(string Name, Shape Shape, string What, bool IsRequired = false, bool Many = false, bool InHeader = false);

    internal sealed record Answering(int Status, string What, params IReadOnlyList<string> Media);

    internal sealed record Refusing(int Status, IReadOnlyList<string> Codes);

    internal sealed record Admitting(bool IsOptional, IReadOnlyList<string> Roles);
}
