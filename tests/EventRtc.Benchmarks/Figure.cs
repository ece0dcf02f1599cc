using System.Globalization;
using System.Text.Json.Serialization;

namespace EventRtc.Benchmarks;

/// <summary>One measured figure beside its floor, both from the same run.</summary>
/// <param name="Floor">What the machine gives for the bare work, in the same unit; null where there is nothing to compare with.</param>
/// <param name="Target">What it must reach; null for a figure that is only told.</param>
public sealed record Figure(string Name, double Value, string Unit, double? Floor, [property: JsonIgnore] Bar? Target)
{
    public double? Ratio => Floor is { } floor and > 0 ? Math.Round(Value / floor, 2) : null;

    public string? Bar => Target?.Text;

    public bool Ok => Target?.Holds(this) ?? true;
}

/// <summary>What a figure must reach: by itself, or as a multiple of its floor.</summary>
/// <param name="Text">For people and programs: <c>&gt;= 1.8 x</c>, <c>&lt; 150 ms</c>.</param>
public sealed record Bar(string Text, Func<Figure, bool> Holds)
{
    public static Bar Under(double limit, string unit) => new($"< {Number(limit)} {unit}", figure => figure.Value < limit);

    public static Bar AtMost(double limit, string unit) => new($"<= {Number(limit)} {unit}", figure => figure.Value <= limit);

    public static Bar AtLeastTimesFloor(double factor) => new($">= {Number(factor)} x", figure => figure.Value >= factor * figure.Floor);

    public static Bar AtMostTimesFloor(double factor) => new($"<= {Number(factor)} x", figure => figure.Value <= factor * figure.Floor);

    public static Bar UnderTimesFloor(double factor) => new($"< {Number(factor)} x", figure => figure.Value < factor * figure.Floor);

    /// <summary>For what is to be hidden in the noise.</summary>
    public static Bar UnderFloorPlus(double more, string unit) => new($"< floor + {Number(more)} {unit}", figure => figure.Value < figure.Floor + more);

    public static Bar Within(double least, double most, string unit) => new($"{Number(least)} to {Number(most)} {unit}", figure => figure.Value >= least && figure.Value <= most);

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}

public static class Percentile
{
    /// <summary>The p-th percentile of measured values by the nearest-rank method.</summary>
    public static double Of(IReadOnlyCollection<double> values, double percent)
    {
        var ordered = values.Order().ToArray();
        return Math.Round(ordered[Math.Max(0, (int)Math.Ceiling(percent / 100 * ordered.Length) - 1)], 3);
    }

    public static double Median(IReadOnlyCollection<double> values) => Of(values, 50);
}
