namespace EventRtc.Benchmarks.Faults;

/// <summary>
/// Lets one thing after another fail while two anchors speak in a room and listeners hear them, and measures what these notice of it. Each figure is the median of its
/// repetitions; the worst one is told beside it. One deployment serves all; each repetition begins when all is well.
/// </summary>
internal static class FaultBench
{
    public const int Runs = 10;

    public static IReadOnlyList<Fault> All { get; } =
    [
        Quiet.Nothing, Quiet.Silence, MixerFaults.FfmpegKilled, MixerFaults.KilledRestarted, MixerFaults.KilledMoved, JanusFaults.KilledRestarted, JanusFaults.KilledMoved,
        EtcdWiped.Fault, RedisFlushed.Fault, PostgresDown.Fault, Drains.Janus, Drains.Mixer,
    ];

    /// <param name="only">The one to be measured, beside the quiet that it is compared with; null for all.</param>
    public static async Task<IReadOnlyList<Figure>> Run(string? only, int runs, CancellationToken ct)
    {
        var wanted = All.Where(fault => only is null || fault.Name == only).ToList();
        var floors = wanted.SelectMany(fault => fault.Measures).Select(measure => measure.Floor).ToHashSet();
        await using var stage = await FaultStage.Open(ct);
        var figures = new List<Figure>();
        foreach (var fault in All.Where(fault => wanted.Contains(fault) || fault.Measures.Any(measure => floors.Contains(measure.Name))))
            figures.AddRange(Figures(fault, await Repeat(stage, fault, runs, ct), figures));
        return figures;
    }

    private static async Task<IReadOnlyList<double[]>> Repeat(FaultStage stage, Fault fault, int runs, CancellationToken ct)
    {
        var measured = new List<double[]>();
        for (var run = 1; run <= runs; run++)
        {
            await stage.BeWell(ct);
            measured.Add(await Once(stage, fault, ct));
            await Console.Error.WriteLineAsync($"{TimeProvider.System.GetLocalNow():HH:mm:ss} {fault.Name} {run} of {runs}: {string.Join(", ", fault.Measures.Zip(measured[^1], (measure, value) => $"{value:0.##} {measure.Unit}"))}");
        }
        return measured;
    }

    private static async Task<double[]> Once(FaultStage stage, Fault fault, CancellationToken ct)
    {
        try
        {
            return await fault.Once(stage, ct);
        }
        catch (Exception failure) when (failure is TimeoutException or HttpRequestException)
        {
            await Console.Error.WriteLineAsync($"  {fault.Name} was not overcome: {failure.Message}");
            return [.. fault.Measures.Select(measure => measure.Never)];
        }
    }

    private static IEnumerable<Figure> Figures(Fault fault, IReadOnlyList<double[]> measured, IReadOnlyList<Figure> before)
    {
        foreach (var (i, measure) in fault.Measures.Index())
        {
            var values = measured.Select(values => values[i]).ToList();
            var floor = before.FirstOrDefault(figure => figure.Name == measure.Floor)?.Value;
            yield return new(measure.Name, measure.WorstCounts ? values.Max() : Percentile.Median(values), measure.Unit, floor, measure.Bar);
            if (values.Count > 1 && !measure.WorstCounts)
                yield return new($"{measure.Name}_worst", Math.Round(values.Max(), 3), measure.Unit, null, null);
        }
    }
}
