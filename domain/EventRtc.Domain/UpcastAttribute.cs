namespace EventRtc.Domain;

/// <summary>
/// Marks a static method of a family that turns the body of an event as it was stored under a former name into the body of a newer one, at reading:
/// <c>static JsonObject Name(JsonObject former)</c>. The newer name may be a former one as well: they are chained.
/// </summary>
/// <param name="from">A name that is not written any more.</param>
/// <param name="to">The name whose shape the method returns.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class UpcastAttribute(string from, string to) : Attribute
{
    public string From { get; } = from;

    public string To { get; } = to;
}
