using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json;

namespace EventRtc.Domain;

/// <summary>The stored names of one family of events: the records nested in <c>TEvent</c>, each with its <see cref="EventAttribute"/>.</summary>
public sealed class EventTypes
{
    private readonly FrozenDictionary<string, Type> types;
    private readonly FrozenDictionary<Type, string> names;

    private EventTypes(Type family)
    {
        types = family.GetNestedTypes().Where(family.IsAssignableFrom).ToFrozenDictionary(NameInCode);
        names = types.ToFrozenDictionary(pair => pair.Value, pair => pair.Key);
    }

    /// <exception cref="InvalidOperationException">An event of the family has no <see cref="EventAttribute"/>.</exception>
    /// <exception cref="ArgumentException">Two events of the family have one name.</exception>
    public static EventTypes Of<TEvent>() => Family<TEvent>.Types.Value;

    /// <summary>Every stored name of the family.</summary>
    public IReadOnlyCollection<string> Names => types.Keys;

    /// <exception cref="NotSupportedException">The object is no event of this family.</exception>
    public string NameOf(object @event) =>
        names.TryGetValue(@event.GetType(), out var name)
            ? name
            : throw new NotSupportedException($"{@event.GetType()} is not an event of this family.");

    /// <summary>The type stored under the name, or null: the name belongs to another family, or to a newer program.</summary>
    public Type? Find(string name) => types.GetValueOrDefault(name);

    /// <summary>The body as it is stored: UTF-8 JSON by <see cref="DomainJson"/>.</summary>
    public static byte[] Encode(object @event) => JsonSerializer.SerializeToUtf8Bytes(@event, @event.GetType(), DomainJson.Options);

    /// <exception cref="NotSupportedException">The family has no event of this name; see <see cref="Find"/>.</exception>
    /// <exception cref="JsonException">The body is not that of the named event.</exception>
    public object Decode(string name, ReadOnlySpan<byte> json)
    {
        var type = Find(name) ?? throw new NotSupportedException($"No event of this family is stored as '{name}'.");
        return JsonSerializer.Deserialize(json, type, DomainJson.Options) ?? throw new JsonException($"The body of '{name}' is null.");
    }

    private static string NameInCode(Type type) =>
        type.GetCustomAttribute<EventAttribute>()?.Name ?? throw new InvalidOperationException($"{type} has no [Event] name.");

    // Lazy, so that a faulty family fails with its own message and not with a TypeInitializationException.
    private static class Family<TEvent>
    {
        public static readonly Lazy<EventTypes> Types = new(() => new EventTypes(typeof(TEvent)));
    }
}
