using System.Text.Json;

namespace EventRtc.Hosting;

/// <summary>Reads the fields of a JSON body one by one and gathers every fault, so that a caller sees all of them at once.</summary>
/// <param name="body">Null or undefined, as ASP.NET has it, when the call has none: then every field is absent.</param>
public sealed class Fields(JsonElement? body)
{
    private readonly List<string> faults = IsUnreadable(body) ? ["body: must be a JSON object"] : [];

    /// <summary>The body itself is at fault: what its fields lack needs no word.</summary>
    private readonly bool isUnreadable = IsUnreadable(body);

    private readonly JsonElement? fields = body is { } json && HasFields(json) ? json : null;

    public IReadOnlyList<string> Faults => faults;

    /// <param name="rule">What the field takes, for the fault.</param>
    /// <param name="absent">The value when the field is not there or null.</param>
    /// <param name="read">Null when the value breaks the rule; JSON of another kind than it asks for breaks it too.</param>
    /// <returns>A usable value; after a fault any.</returns>
    public T Read<T>(string name, string rule, T absent, Func<JsonElement, T?> read) where T : class =>
        Find(name) is { } json ? Try(read, json) ?? Refuse(name, rule, absent) : absent;

    /// <inheritdoc cref="Read{T}(string, string, T, Func{JsonElement, T})"/>
    public T Read<T>(string name, string rule, T absent, Func<JsonElement, T?> read) where T : struct =>
        Find(name) is { } json ? Try(read, json) ?? Refuse(name, rule, absent) : absent;

    /// <summary>As <see cref="Read{T}(string, string, T, Func{JsonElement, T})"/>, for a field that must be there.</summary>
    /// <param name="any">Returned after a fault.</param>
    public T Require<T>(string name, string rule, T any, Func<JsonElement, T?> read) where T : class =>
        Find(name) is { } json ? Try(read, json) ?? Refuse(name, rule, any) : isUnreadable ? any : Refuse(name, rule, any);

    private JsonElement? Find(string name) =>
        fields is { } all && all.TryGetProperty(name, out var json) && json.ValueKind is not JsonValueKind.Null ? json : null;

    private static bool IsUnreadable(JsonElement? body) => body is not (null or { ValueKind: JsonValueKind.Undefined }) && !HasFields(body.Value);

    private static bool HasFields(JsonElement json)
    {
        try
        {
            return json.ValueKind is JsonValueKind.Object && json.EnumerateObject().All(field => field.Name is not null);
        }
        catch (InvalidOperationException)
        {
            return false; // a name with half a surrogate pair, which is legal JSON and no text: looking up any other would stumble over it
        }
    }

    private T Refuse<T>(string name, string rule, T any)
    {
        faults.Add($"{name}: must be {rule}");
        return any;
    }

    private static T? Try<T>(Func<JsonElement, T?> read, JsonElement json)
    {
        try
        {
            return read(json);
        }
        catch (InvalidOperationException)
        {
            return default; // text where a number belongs, or half a surrogate pair, which is legal JSON and no text
        }
    }
}
