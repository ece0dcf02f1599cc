using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;

namespace EventRtc.Hosting.Configuration;

/// <summary>What data annotations ask of a setting, in words for operators.</summary>
internal static class SettingRules
{
    /// <returns>What the value breaks; null when it may be used.</returns>
    public static string? BrokenBy(PropertyInfo property, object? value) =>
        property.GetCustomAttributes<ValidationAttribute>().FirstOrDefault(rule => !rule.IsValid(value)) is { } broken ? Demand(broken) : null;

    /// <summary>Never shown: passwords, keys, and whatever holds one.</summary>
    public static bool IsSecret(PropertyInfo property) => property.GetCustomAttribute<DataTypeAttribute>()?.DataType is DataType.Password;

    /// <summary>Both ends of a range as <paramref name="write"/> has them; null for a setting without one.</summary>
    public static string? RangeOf(PropertyInfo property, Func<object, string> write) =>
        property.GetCustomAttribute<RangeAttribute>() is { } range ? $"{write(End(range, range.Minimum))} to {write(End(range, range.Maximum))}"
        : property.GetCustomAttribute<MinLengthAttribute>() is { } shortest ? AtLeast(shortest)
        : null;

    private static string Demand(ValidationAttribute rule) => rule switch
    {
        RangeAttribute range => $"must be {SettingText.Written(End(range, range.Minimum))} to {SettingText.Written(End(range, range.Maximum))}",
        MinLengthAttribute shortest => $"must have {AtLeast(shortest)}",
        RequiredAttribute { ErrorMessage: null } => "is required",
        _ => rule.FormatErrorMessage("the value"),
    };

    private static string AtLeast(MinLengthAttribute rule) => $"at least {rule.Length} characters";

    /// <summary>An attribute that was asked once holds durations, one that was not the texts that it was given.</summary>
    private static object End(RangeAttribute range, object end) =>
        range.OperandType == typeof(TimeSpan) && end is string text ? TimeSpan.Parse(text, CultureInfo.InvariantCulture) : end;
}
