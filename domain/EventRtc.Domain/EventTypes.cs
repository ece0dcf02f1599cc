using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json;

namespace EventRtc.Domain;

/// <summary>
/// The stored names of one family of events: the records nested in <c>TEvent</c>, each with its <see cref="EventAttribute"/>. Former names, which are read and
/// not written any more, come from its methods with <see cref="UpcastAttribute"/>.
/// </summary>
public sealed class EventTypes
{
    private readonly FrozenDictionary<string, Type> types;
    private readonly FrozenDictionary<Type, string> names;
    private readonly Upcasters upcasters;

    private EventTypes(Type family)
    {
        types = family.GetNestedTypes().Where(family.IsAssignableFrom).ToFrozenDictionary(NameInCode);
        names = types.ToFrozenDictionary(pair => pair.Value, pair => pair.Key);
        upcasters = new Upcasters(family, types.Keys);
    }

    /// <exception cref="InvalidOperationException">An event of the family has no <see cref="EventAttribute"/>, or a former name does not lead to an event.</exception>
    /// <exception cref="ArgumentException">Two events of the family have one name.</exception>
    public static EventTypes Of<TEvent>() => Family<TEvent>.Types.Value;

    /// <summary>Every name under which events of the family are stored today.</summary>
    public IReadOnlyCollection<string> Names => types.Keys;

    /// <summary>Every name under which events of the family were stored once and which is still read.</summary>
    public IReadOnlyCollection<string> FormerNames => upcasters.Names;

    /// <exception cref="NotSupportedException">The object is no event of this family.</exception>
    public string NameOf(object @event) =>
        names.TryGetValue(@event.GetType(), out var name)
            ? name
            : throw new NotSupportedException($"{@event.GetType()} is not an event of this family.");

    /// <summary>The type that is read from the name, or null: the name belongs to another family, or to a newer program.</summary>
    public Type? Find(string name) => types.TryGetValue(name, out var type) ? type : upcasters.EndOf(name) is { } today ? types[today] : null;

    /// <summary>The body as it is stored: UTF-8 JSON by <see cref="DomainJson"/>.</summary>
    public static byte[] Encode(object @event) => JsonSerializer.SerializeToUtf8Bytes(@event, @event.GetType(), DomainJson.Options);

    /// <exception cref="NotSupportedException">The family has no event of this name; see <see cref="Find"/>.</exception>
    /// <exception cref="JsonException">The body is not that of the named event.</exception>
    public object Decode(string name, ReadOnlySpan<byte> json)
    {
        if (!types.TryGetValue(name, out var type))
            return DecodeFormer(name, json);
        return JsonSerializer.Deserialize(json, type, DomainJson.Options) ?? throw new JsonException($"The body of '{name}' is null.");
    }

    private object DecodeFormer(string name, ReadOnlySpan<byte> json)
    {
        var type = Find(name) ?? throw new NotSupportedException($"No event of this family is stored as '{name}'.");
        return upcasters.Turn(name, json).Deserialize(type, DomainJson.Options)!;
    }

    private static string NameInCode(Type type) =>
        type.GetCustomAttribute<EventAttribute>()?.Name ?? throw new InvalidOperationException($"{type} has no [Event] name.");

    // Lazy, so that a faulty family fails with its own message and not with a TypeInitializationException.
    private static class Family<TEvent>
    {
        public static readonly Lazy<EventTypes> Types = new(() => new EventTypes(typeof(TEvent)));
    }
}
