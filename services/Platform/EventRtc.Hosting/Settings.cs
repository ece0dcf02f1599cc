using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Net;
using System.Reflection;
using EventRtc.Hosting.Configuration;

namespace EventRtc.Hosting;

/// <summary>
/// Options records filled from what was given without a prefix of ours: property <c>DialTimeout</c> of a record bound under <c>ETCD</c> is <c>ETCD_DIAL_TIMEOUT</c>.
/// A property's initial value is its default; data annotations give its range, and <c>[DataType(DataType.Password)]</c> says that it is a secret.
/// What several properties must be to each other, an <see cref="IValidatableObject"/> says: of the first property that it names.
/// </summary>
public static class Settings
{
    /// <summary>Longest part of a value that a message repeats.</summary>
    private const int Shown = 80;

    private static readonly MethodInfo Parser = typeof(Settings).GetMethod(nameof(ParseOwn), BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <exception cref="SettingsException">A value cannot be read or is out of range; the message names each variable in one line.</exception>
    public static T Bind<T>(SettingSources sources, string prefix) where T : new()
    {
        var options = new T();
        var faults = Fill(options, prefix, sources);
        return faults.Count == 0 ? options : throw new SettingsException(faults);
    }

    /// <inheritdoc cref="SettingText.TryDuration"/>
    public static bool TryDuration(string text, out TimeSpan duration) => SettingText.TryDuration(text, out duration);

    /// <summary>Fills what it can; what cannot be used keeps its default and is named in the answer.</summary>
    internal static IReadOnlyList<string> Fill(object options, string prefix, SettingSources sources)
    {
        var (faults, unused) = (new List<string>(), new HashSet<string>());
        foreach (var property in Of(options.GetType()))
        {
            var variable = SettingKeys.Variable(prefix, property.Name);
            var (given, standard) = (sources.Find(variable), property.GetValue(options));
            if (FaultOf(options, property, given) is not { } fault)
                continue;
            property.SetValue(options, standard);
            unused.Add(property.Name);
            faults.Add(given is null ? $"{variable}: is not set, and {fault}" : $"{variable}: {fault}{PlaceOf(given)}");
        }
        if (options is IValidatableObject whole)
            foreach (var broken in whole.Validate(new ValidationContext(options)).Where(broken => !broken.MemberNames.Any(unused.Contains)))
            {
                var variable = SettingKeys.Variable(prefix, broken.MemberNames.First());
                faults.Add($"{variable}: {broken.ErrorMessage}{PlaceOf(sources.Find(variable))}");
            }
        return faults;
    }

    /// <summary>The properties of a record that are settings: those that can be given a value.</summary>
    internal static IEnumerable<PropertyInfo> Of(Type record) => record.GetProperties().Where(property => property.CanWrite);

    /// <summary>What a value of a type looks like, in words.</summary>
    internal static string DescriptionOf(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var t when t == typeof(string) => "a text",
        var t when t == typeof(int) || t == typeof(long) => "a whole number",
        var t when t == typeof(double) => "a number such as 0.5",
        var t when t == typeof(bool) => "true or false",
        var t when t == typeof(TimeSpan) => "a duration such as 250ms, 10s, 5m or 1h",
        var t when t == typeof(Uri) => "an absolute URL",
        var t when t == typeof(IPAddress) => "an IP address",
        { IsEnum: true } t => $"one of {string.Join(", ", Enum.GetNames(t).Select(n => n.ToLowerInvariant()))}",
        var t when ItemOf(t) is { } item => item == typeof(string) ? "a list" : $"a list, each item {DescriptionOf(item)}",
        var t => $"a usable {SettingKeys.Plain(t.Name)}",
    };

    private static string PlaceOf(GivenSetting? given) => given?.Place is { } place ? $" ({place})" : "";

    private static string? FaultOf(object options, PropertyInfo property, GivenSetting? given)
    {
        if (given is null)
            return SettingRules.BrokenBy(property, property.GetValue(options));
        if (Parse(property.PropertyType, given.Text) is not { } value)
            return $"{Show(property, given.Text)} is not {DescriptionOf(property.PropertyType)}";
        property.SetValue(options, value);
        return SettingRules.BrokenBy(property, value) is { } broken ? $"{Show(property, given.Text)} cannot be used: {broken}" : null;
    }

    /// <summary>A secret, and whatever may hold one, is not repeated in messages.</summary>
    private static string Show(PropertyInfo property, string text) =>
        SettingRules.IsSecret(property) || text.Contains('@', StringComparison.Ordinal) ? "the value"
        : $"'{string.Concat(text.Take(Shown).Select(c => char.IsControl(c) ? ' ' : c))}{(text.Length > Shown ? "..." : "")}'";

    private static object? Parse(Type type, string text) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var t when t == typeof(string) => text,
        var t when t == typeof(int) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null,
        var t when t == typeof(double) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null, // its own reader takes 0,1 for 1
        var t when t == typeof(bool) => bool.TryParse(text, out var flag) ? flag : null,
        var t when t == typeof(TimeSpan) => SettingText.TryDuration(text, out var duration) ? duration : null,
        var t when t == typeof(Uri) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && !uri.IsFile ? uri : null, // a bare path is a file to it
        { IsEnum: true } t => Array.Find(Enum.GetNames(t), name => name.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } choice ? Enum.Parse(t, choice) : null, // no numbers
        var t when IsParsable(t) => Parser.MakeGenericMethod(t).Invoke(null, [text]),
        var t when ItemOf(t) is { } item => ParseList(item, text),
        var t => throw new NotSupportedException($"No reader for settings of type {t}"),
    };

    private static Array? ParseList(Type item, string text)
    {
        var values = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(part => Parse(item, part)).ToArray();
        var list = Array.CreateInstance(item, values.Length);
        if (Array.Exists(values, value => value is null))
            return null;
        values.CopyTo(list, 0);
        return list;
    }

    /// <summary>Of <c>IReadOnlyList&lt;T&gt;</c> and <c>T[]</c>.</summary>
    private static Type? ItemOf(Type type) =>
        type.IsArray ? type.GetElementType() : type.IsAssignableTo(typeof(IEnumerable)) && type.GenericTypeArguments is [var item] ? item : null;

    private static bool IsParsable(Type type) => Array.Exists(type.GetInterfaces(), i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IParsable<>));

    /// <summary>Types that read themselves, such as ids and ranges.</summary>
    private static object? ParseOwn<T>(string text) where T : IParsable<T> => T.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value : null;
}

/// <summary>Settings cannot be used; the message names each, and what it takes, in one line.</summary>
public sealed class SettingsException(string message) : Exception(message.ReplaceLineEndings(" "))
{
    public SettingsException(IEnumerable<string> faults) : this(string.Join("; ", faults)) { }
}
