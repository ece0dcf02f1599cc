using System.Text.Json;

namespace EventRtc.Rooms.Http;

/// <summary>Reads the fields of a JSON body one by one and gathers every fault, so that a caller sees all of them at once.</summary>
internal sealed class Fields(JsonElement body)
{
    private readonly List<string> faults = body.ValueKind is JsonValueKind.Object ? [] : ["body: must be a JSON object"];

    public IReadOnlyList<string> Faults => faults;

    /// <param name="rule">What the field takes, for the fault.</param>
    /// <param name="read">Null when the value breaks the rule.</param>
    /// <param name="absent">The value when the field is not there or null.</param>
    public T? Read<T>(string name, string rule, Func<JsonElement, T?> read, T? absent)
    {
        if (body.ValueKind is not JsonValueKind.Object || !body.TryGetProperty(name, out var json) || json.ValueKind is JsonValueKind.Null)
            return absent;
        var value = Try(read, json);
        if (value is null)
            faults.Add($"{name}: must be {rule}");
        return value;
    }

    private static T? Try<T>(Func<JsonElement, T?> read, JsonElement json)
    {
        try
        {
            return read(json);
        }
        catch (InvalidOperationException)
        {
            return default; // JSON of another kind: text where a number belongs
        }
    }
}
