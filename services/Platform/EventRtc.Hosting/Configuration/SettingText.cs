using System.Collections;
using System.Globalization;
using System.Text.RegularExpressions;

namespace EventRtc.Hosting.Configuration;

/// <summary>Values of settings as operators write them, and durations as people read them.</summary>
internal static partial class SettingText
{
    private static readonly (string Written, string Read, TimeSpan Length)[] Units =
        [("h", "h", TimeSpan.FromHours(1)), ("m", "min", TimeSpan.FromMinutes(1)), ("s", "s", TimeSpan.FromSeconds(1)), ("ms", "ms", TimeSpan.FromMilliseconds(1))];

    /// <summary>Reads <c>250ms</c>, <c>10s</c>, <c>1.5s</c>, <c>5m</c>, <c>1h</c>.</summary>
    public static bool TryDuration(string text, out TimeSpan duration)
    {
        var match = Duration().Match(text);
        duration = match.Success ? double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) * Array.Find(Units, unit => unit.Written == match.Groups[2].Value).Length : default;
        return match.Success;
    }

    /// <summary>As it would be given: <c>10s</c>, <c>true</c>, <c>a,b</c>; empty for nothing.</summary>
    public static string Written(object? value) => value switch
    {
        TimeSpan duration => In(duration, unit => unit.Written, ""),
        bool or Enum => $"{value}".ToLowerInvariant(),
        Uri url => url.OriginalString,
        string text => text,
        IEnumerable items => string.Join(',', items.Cast<object>().Select(Written)),
        _ => string.Create(CultureInfo.InvariantCulture, $"{value}"),
    };

    /// <summary>As a comment has it: <c>10 s</c>, <c>5 min</c>.</summary>
    public static string Read(object? value) => value is TimeSpan duration ? In(duration, unit => unit.Read, " ") : Written(value);

    private static string In(TimeSpan duration, Func<(string Written, string Read, TimeSpan Length), string> name, string between)
    {
        var unit = duration == TimeSpan.Zero ? Units[2] : Array.Find(Units, unit => duration.Ticks % unit.Length.Ticks == 0);
        return string.Create(CultureInfo.InvariantCulture, $"{duration / unit.Length}{between}{name(unit)}");
    }

    [GeneratedRegex(@"^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h)$")]
    private static partial Regex Duration();
}
