using System.Reflection;

namespace EventRtc.Hosting.Configuration;

/// <summary>What a record's code says of a setting, in the words in which its doc comment must end: <c>Default 5 s; 10 ms to 5 min.</c></summary>
internal static class SettingFacts
{
    private static readonly string[] Articles = ["a usable ", "an absolute ", "an ", "a "];
    private static readonly Type[] Measured = [typeof(TimeSpan), typeof(int), typeof(long), typeof(double)];

    /// <param name="standard">The value when nothing is given.</param>
    public static string Of(PropertyInfo property, object? standard)
    {
        var range = SettingRules.RangeOf(property, SettingText.Read) ?? (TypeOf(property) is { IsEnum: true } choice ? Choices(choice) : null);
        return $"{DefaultOf(property, standard)}{(range is null ? "" : $"; {range}")}.";
    }

    /// <summary>The kind of value and its range: <c>duration, 10ms to 5m</c>.</summary>
    public static string Takes(PropertyInfo property)
    {
        var range = SettingRules.RangeOf(property, SettingText.Written);
        return TypeOf(property) is { IsEnum: true } choice ? Choices(choice) : $"{Kind(property)}{(range is null ? "" : $", {range}")}";
    }

    /// <summary>Numbers and durations want both ends.</summary>
    public static bool IsBounded(PropertyInfo property) => !Measured.Contains(TypeOf(property)) || SettingRules.RangeOf(property, SettingText.Written) is not null;

    private static string DefaultOf(PropertyInfo property, object? standard) =>
        property.GetCustomAttribute<DefaultIsAttribute>() is { } words ? $"Default {words.Words}"
        : SettingRules.BrokenBy(property, standard) is not null ? "Required"
        : SettingText.Read(standard) is { Length: > 0 } text ? $"Default {text}"
        : "Default none";

    private static string Kind(PropertyInfo property)
    {
        if (TypeOf(property) == typeof(TimeSpan))
            return "duration";
        if (TypeOf(property) == typeof(double))
            return "number";
        if (property.GetCustomAttribute<UrlOfAttribute>() is { } url)
            return $"URL, {string.Join(" or ", url.Schemes)}";
        if (property.GetCustomAttribute<ListenAtAttribute>() is not null)
            return "host:port";
        var words = Settings.DescriptionOf(TypeOf(property));
        return words[(Articles.FirstOrDefault(article => words.StartsWith(article, StringComparison.Ordinal))?.Length ?? 0)..];
    }

    private static string Choices(Type choice) => string.Join(", ", Enum.GetNames(choice).Select(name => name.ToLowerInvariant()));

    private static Type TypeOf(PropertyInfo property) => Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
}
