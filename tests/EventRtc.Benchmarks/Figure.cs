namespace EventRtc.Benchmarks;

/// <summary>One measured figure beside its floor, both from the same run.</summary>
/// <param name="Floor">What the machine gives for the bare work, in the same unit.</param>
/// <param name="Bar">What the figure must stay under, in the same unit.</param>
public sealed record Figure(string Name, double Value, string Unit, double Floor, double Bar)
{
    public double Ratio => Math.Round(Value / Floor, 2);

    public bool Ok => Value < Bar;
}

/// <summary>The p-th percentile of measured times by the nearest-rank method.</summary>
public static class Percentile
{
    public static double Of(IReadOnlyCollection<double> values, double percent)
    {
        var ordered = values.Order().ToArray();
        return Math.Round(ordered[Math.Max(0, (int)Math.Ceiling(percent / 100 * ordered.Length) - 1)], 1);
    }
}
