using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace EventRtc.Hosting.Logging;

/// <summary>The ids that an address names: <c>/api/rooms/{id}/users/{userId}</c> has a <c>Room</c> and a <c>User</c>.</summary>
internal static class RouteIds
{
    /// <summary>A longer one is no id of ours.</summary>
    private const int Longest = 64;

    public static IReadOnlyList<KeyValuePair<string, object?>> Of(HttpContext http) =>
        http.GetEndpoint() is RouteEndpoint route ? Of(route.RoutePattern, http.Request.RouteValues) : [];

    /// <summary>An id is named after the collection before it.</summary>
    public static IReadOnlyList<KeyValuePair<string, object?>> Of(RoutePattern pattern, RouteValueDictionary values)
    {
        var ids = new List<KeyValuePair<string, object?>>();
        string? collection = null;
        foreach (var part in pattern.PathSegments.SelectMany(segment => segment.Parts))
            if (part is RoutePatternLiteralPart literal)
                collection = literal.Content;
            else if (part is RoutePatternParameterPart { Name: var name } && collection is not null && IsId(name) && values[name] is string { Length: <= Longest } id && id.All(IsPlain))
                ids.Add(new(Singular(collection), id));
        return ids;
    }

    private static bool IsId(string name) => name is "id" || name.EndsWith("Id", StringComparison.Ordinal);

    /// <summary>Whoever calls writes the address: nothing of it may break a line.</summary>
    private static bool IsPlain(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' or ':';

    private static string Singular(string collection) => $"{char.ToUpperInvariant(collection[0])}{collection[1..].TrimEnd('s')}";
}
