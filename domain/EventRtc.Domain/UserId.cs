using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace EventRtc.Domain;

/// <summary>One admission of a person to a room: a UUID with hyphens, kept in lower case, so that two spellings are one user.</summary>
/// <exception cref="FormatException">The text is no UUID; use <see cref="TryParse(string?, out UserId)"/> for input from outside.</exception>
[JsonConverter(typeof(IdJsonConverter<UserId>))]
public readonly record struct UserId(string Value) : IParsable<UserId>
{
    public UserId(Guid value) : this(value.ToString("D")) { }

    public string Value { get; } = Fits(Value) ? Value.ToLowerInvariant() : throw IdText.Unfit("user", Value);

    public static UserId Parse(string s) => new(s);

    public static UserId Parse(string s, IFormatProvider? provider) => new(s);

    public static bool TryParse([NotNullWhen(true)] string? s, out UserId result) => TryParse(s, null, out result);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out UserId result)
    {
        var fits = Fits(s);
        result = fits ? new UserId(s!) : default;
        return fits;
    }

    public override string ToString() => Value;

    // Guid's own parser trims blanks, which would make two texts one id by accident.
    private static bool Fits([NotNullWhen(true)] string? text) => text is { Length: 36 } && Guid.TryParseExact(text, "D", out _);
}
