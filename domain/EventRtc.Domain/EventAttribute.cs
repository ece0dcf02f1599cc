namespace EventRtc.Domain;

/// <summary>The name under which an event is stored, snake_case. It outlives every renaming of the record.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class EventAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}
