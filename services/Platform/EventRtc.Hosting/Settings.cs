using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace EventRtc.Hosting;

/// <summary>
/// Options records filled from variables without a prefix of ours: property <c>DialTimeout</c> of a record bound under <c>ETCD</c> is <c>ETCD_DIAL_TIMEOUT</c>.
/// A property's initial value is its default; data annotations give its range.
/// </summary>
public static partial class Settings
{
    private static readonly MethodInfo Parser = typeof(Settings).GetMethod(nameof(ParseOwn), BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <exception cref="SettingsException">A value cannot be read or is out of range; the message names each variable in one line.</exception>
    public static T Bind<T>(IConfiguration configuration, string prefix) where T : new()
    {
        var options = new T();
        var faults = new List<string>();
        foreach (var property in typeof(T).GetProperties().Where(p => p.CanWrite))
        {
            var variable = VariableOf(prefix, property.Name);
            if (configuration[variable] is { Length: > 0 } text)
                Set(options, property, variable, text, faults);
            faults.AddRange(property.GetCustomAttributes<ValidationAttribute>()
                .Where(rule => !rule.IsValid(property.GetValue(options)))
                .Select(rule => $"{variable}: {rule.FormatErrorMessage("the value")}"));
        }
        return faults.Count == 0 ? options : throw new SettingsException(string.Join("; ", faults));
    }

    /// <summary><c>ETCD</c> and <c>DialTimeout</c> give <c>ETCD_DIAL_TIMEOUT</c>; an <c>Address</c> is an <c>ADDR</c>.</summary>
    public static string VariableOf(string prefix, string property) =>
        $"{prefix}_{WordStart().Replace(property, "_").ToUpperInvariant().Replace("ADDRESS", "ADDR", StringComparison.Ordinal)}";

    /// <summary>Reads <c>250ms</c>, <c>10s</c>, <c>5m</c>, <c>1h</c>.</summary>
    public static bool TryDuration(string text, out TimeSpan duration)
    {
        var match = Duration().Match(text);
        duration = match.Success ? double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) * UnitOf(match.Groups[2].Value) : default;
        return match.Success;
    }

    private static void Set(object options, PropertyInfo property, string variable, string text, List<string> faults)
    {
        if (Parse(property.PropertyType, text) is { } value)
            property.SetValue(options, value);
        else
            faults.Add($"{variable}: '{text}' is not {DescriptionOf(property.PropertyType)}");
    }

    private static object? Parse(Type type, string text) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var t when t == typeof(string) => text,
        var t when t == typeof(int) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null,
        var t when t == typeof(bool) => bool.TryParse(text, out var flag) ? flag : null,
        var t when t == typeof(TimeSpan) => TryDuration(text, out var duration) ? duration : null,
        var t when t == typeof(Uri) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && !uri.IsFile ? uri : null, // a bare path is a file to it
        { IsEnum: true } t => Enum.TryParse(t, text, ignoreCase: true, out var choice) ? choice : null,
        var t when IsParsable(t) => Parser.MakeGenericMethod(t).Invoke(null, [text]),
        var t when t.IsAssignableTo(typeof(IEnumerable)) => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
        var t => throw new NotSupportedException($"No reader for settings of type {t}"),
    };

    private static bool IsParsable(Type type) => Array.Exists(type.GetInterfaces(), i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IParsable<>));

    /// <summary>Types that read themselves, such as ids and ranges.</summary>
    private static object? ParseOwn<T>(string text) where T : IParsable<T> => T.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static string DescriptionOf(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var t when t == typeof(int) => "a whole number",
        var t when t == typeof(bool) => "true or false",
        var t when t == typeof(TimeSpan) => "a duration such as 250ms, 10s, 5m or 1h",
        var t when t == typeof(Uri) => "an absolute URL",
        { IsEnum: true } t => $"one of {string.Join(", ", Enum.GetNames(t).Select(n => n.ToLowerInvariant()))}",
        var t => $"a usable {WordStart().Replace(t.Name, " ").ToLowerInvariant()}",
    };

    private static TimeSpan UnitOf(string unit) => unit switch
    {
        "ms" => TimeSpan.FromMilliseconds(1),
        "s" => TimeSpan.FromSeconds(1),
        "m" => TimeSpan.FromMinutes(1),
        _ => TimeSpan.FromHours(1),
    };

    [GeneratedRegex("(?<=[a-z0-9])(?=[A-Z])")]
    private static partial Regex WordStart();

    [GeneratedRegex(@"^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h)$")]
    private static partial Regex Duration();
}

/// <summary>A variable cannot be used; the message names it, what it holds and what it takes.</summary>
public sealed class SettingsException(string message) : Exception(message);
