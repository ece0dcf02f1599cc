using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace EventRtc.Domain;

/// <summary>The name of one Janus or one mixer, given by its operator: 1 to 63 of <c>[A-Za-z0-9_-]</c>, as long as a host name's label.</summary>
/// <exception cref="FormatException">The text is no module id; use <see cref="TryParse(string?, out ModuleId)"/> for input from outside.</exception>
[JsonConverter(typeof(IdJsonConverter<ModuleId>))]
public readonly record struct ModuleId(string Value) : IParsable<ModuleId>
{
    public const int MinLength = 1;
    public const int MaxLength = 63;

    public string Value { get; } = IdText.Fits(Value, MinLength, MaxLength) ? Value : throw IdText.Unfit("module", Value);

    public static ModuleId Parse(string s) => new(s);

    public static ModuleId Parse(string s, IFormatProvider? provider) => new(s);

    public static bool TryParse([NotNullWhen(true)] string? s, out ModuleId result) => TryParse(s, null, out result);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out ModuleId result)
    {
        var fits = IdText.Fits(s, MinLength, MaxLength);
        result = fits ? new ModuleId(s!) : default;
        return fits;
    }

    public override string ToString() => Value;
}
