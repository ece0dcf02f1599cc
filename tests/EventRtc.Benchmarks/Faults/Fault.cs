namespace EventRtc.Benchmarks.Faults;

/// <summary>Something that fails, from a state that is well to one that is well again.</summary>
/// <param name="Measures">What is measured at each time.</param>
/// <param name="Once">Lets it happen once: the values of <paramref name="Measures"/> in their order. It leaves nothing behind that is broken.</param>
internal sealed record Fault(string Name, IReadOnlyList<Measure> Measures, Func<FaultStage, CancellationToken, Task<double[]>> Once);

/// <summary>What a fault is measured by.</summary>
/// <param name="Bar">Null for what is only told.</param>
/// <param name="Floor">The measure of an earlier fault that it stands beside.</param>
/// <param name="WorstCounts">Of all repetitions, and not their median: what must never be.</param>
internal sealed record Measure(string Name, string Unit, Bar? Bar = null, string? Floor = null, bool WorstCounts = false)
{
    /// <summary>What did not come back counts as this.</summary>
    public double Never => Unit switch { "s" => FaultStage.Patience.TotalSeconds, "ms" => FaultStage.Patience.TotalMilliseconds, _ => 1 };
}
