using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace EventRtc.Domain;

/// <summary>A room's name as its users know it: 3 to 32 of <c>[A-Za-z0-9_-]</c>, case matters. It is free again once the room is deleted.</summary>
/// <exception cref="FormatException">The text is no room id; use <see cref="TryParse(string?, out RoomId)"/> for input from outside.</exception>
[JsonConverter(typeof(IdJsonConverter<RoomId>))]
public readonly record struct RoomId(string Value) : IParsable<RoomId>
{
    public const int MinLength = 3;
    public const int MaxLength = 32;

    public string Value { get; } = IdText.Fits(Value, MinLength, MaxLength) ? Value : throw IdText.Unfit("room", Value);

    public static RoomId Parse(string s) => new(s);

    public static RoomId Parse(string s, IFormatProvider? provider) => new(s);

    public static bool TryParse([NotNullWhen(true)] string? s, out RoomId result) => TryParse(s, null, out result);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out RoomId result)
    {
        var fits = IdText.Fits(s, MinLength, MaxLength);
        result = fits ? new RoomId(s!) : default;
        return fits;
    }

    public override string ToString() => Value;
}
