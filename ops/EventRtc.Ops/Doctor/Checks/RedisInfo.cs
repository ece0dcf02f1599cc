using System.Globalization;

namespace EventRtc.Ops.Doctor.Checks;

/// <summary>What the command INFO answers: lines of <c>name:value</c>.</summary>
internal sealed record RedisInfo(IReadOnlyDictionary<string, string> Fields)
{
    /// <summary>Null for what this Redis does not tell.</summary>
    public string? this[string name] => Fields.GetValueOrDefault(name);

    public static RedisInfo Parse(string text) => new(text.Split('\n')
        .Select(line => line.Trim().Split(':', 2))
        .Where(parts => parts.Length == 2)
        .GroupBy(parts => parts[0], StringComparer.Ordinal)
        .ToDictionary(same => same.Key, same => same.Last()[1], StringComparer.Ordinal));

    /// <summary>0 for what it does not tell.</summary>
    public long Number(string name) => long.TryParse(this[name], CultureInfo.InvariantCulture, out var number) ? number : 0;
}
