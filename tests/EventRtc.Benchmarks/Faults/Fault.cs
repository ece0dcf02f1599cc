namespace EventRtc.Benchmarks.Faults;

/// <summary>Something that fails, from a state that is well to one that is well again.</summary>
/// <param name="Measures">What is measured at each time.</param>
/// <param name="Once">Lets it happen once: the values of <paramref name="Measures"/> in their order. It leaves nothing behind that is broken.</param>
/// <param name="AtMost">How often at most; a long one need not be repeated as often as the others.</param>
internal sealed record Fault(string Name, IReadOnlyList<Measure> Measures, Func<FaultStage, CancellationToken, Task<double[]>> Once, int AtMost = int.MaxValue);

/// <summary>What a fault is measured by.</summary>
/// <param name="Bar">Of the median; null for what is only told.</param>
/// <param name="Floor">The measure of an earlier fault that it stands beside.</param>
internal sealed record Measure(string Name, string Unit, Bar? Bar = null, string? Floor = null)
{
    /// <summary>What did not come back counts as this.</summary>
    public double Never => Unit switch { "s" => FaultStage.Patience.TotalSeconds, "ms" => FaultStage.Patience.TotalMilliseconds, _ => 1 };
}
