using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EventRtc.Domain;

/// <summary>The former names of one family, each with the way from its shape to one of today's.</summary>
internal sealed class Upcasters
{
    private const BindingFlags Methods = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
    private readonly FrozenDictionary<string, (string To, Func<JsonObject, JsonObject> Turn)> steps;

    /// <param name="current">The names that are written today.</param>
    /// <exception cref="InvalidOperationException">A way leads nowhere or in a circle, or begins at a name of today.</exception>
    public Upcasters(Type family, IReadOnlyCollection<string> current)
    {
        steps = family.GetMethods(Methods)
            .Select(method => (Method: method, Upcast: method.GetCustomAttribute<UpcastAttribute>()))
            .Where(found => found.Upcast is not null)
            .ToFrozenDictionary(found => found.Upcast!.From, found => (found.Upcast!.To, found.Method.CreateDelegate<Func<JsonObject, JsonObject>>()));
        foreach (var name in steps.Keys)
            if (current.Contains(name) || !current.Contains(EndOf(name) ?? ""))
                throw new InvalidOperationException($"{family} turns '{name}' into nothing that is written today.");
    }

    public IReadOnlyCollection<string> Names => steps.Keys;

    /// <summary>Today's name for a former one; null when it is none.</summary>
    public string? EndOf(string name)
    {
        if (!steps.TryGetValue(name, out var step))
            return null;
        // Not longer than there are steps: a circle ends at a former name, which the constructor refuses.
        for (var taken = 1; taken < steps.Count && steps.TryGetValue(step.To, out var next); taken++)
            step = next;
        return step.To;
    }

    /// <exception cref="JsonException">The body is not an object, or not of the shape that its name promises.</exception>
    public JsonObject Turn(string name, ReadOnlySpan<byte> json)
    {
        var body = JsonNode.Parse(json) as JsonObject ?? throw new JsonException($"The body of '{name}' is no object.");
        try
        {
            while (steps.TryGetValue(name, out var step))
                (name, body) = (step.To, step.Turn(body));
            return body;
        }
        catch (Exception fault) when (fault is InvalidOperationException or FormatException or NullReferenceException or KeyNotFoundException)
        {
            throw new JsonException($"The body of '{name}' misses a fact.", fault);
        }
    }
}
