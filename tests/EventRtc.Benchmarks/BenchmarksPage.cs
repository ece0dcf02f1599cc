using System.Globalization;
using System.Runtime.InteropServices;
using EventRtc.Hosting.Processes;
using EventRtc.Local;

namespace EventRtc.Benchmarks;

/// <param name="Run">Measures; takes some seconds to a minute.</param>
internal sealed record Benchmark(string Name, string Description, Func<CancellationToken, Task<IReadOnlyList<Figure>>> Run);

/// <summary>Runs every benchmark and writes down what came out, with the machine, the date and the commit.</summary>
internal static class BenchmarksPage
{
    public const string File = "docs/benchmarks.md";

    public static async Task<IReadOnlyList<Figure>> Measure(IReadOnlyList<Benchmark> benchmarks, CancellationToken ct)
    {
        var page = new StringWriter(CultureInfo.InvariantCulture);
        await page.WriteLineAsync($"""
            # Benchmarks

            Written by `ops/bench all`; not edited by hand. Each figure stands beside its floor, the bare work done by the same drivers in the same run: compare the ratios, not the
            figures, with those of another machine. What each one measures is said at the head of its file in `tests/EventRtc.Benchmarks`.

            - {TimeProvider.System.GetUtcNow():yyyy-MM-dd HH:mm} UTC, commit {await Commit()}
            - {Environment.ProcessorCount} cores ({Processor()}), {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GiB, shared by the benchmarks and the servers
            - {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}
            """);
        var figures = new List<Figure>();
        foreach (var benchmark in benchmarks)
        {
            await Console.Error.WriteLineAsync($"{benchmark.Name}: {benchmark.Description}");
            var measured = await benchmark.Run(ct);
            figures.AddRange(measured);
            await page.WriteLineAsync($"\n## {benchmark.Name}\n\n{benchmark.Description}\n\n| figure | value | floor | ratio | must reach | |\n|---|---|---|---|---|---|");
            foreach (var figure in measured)
                await page.WriteLineAsync($"| {string.Join(" | ", Report.Cells(figure))} | {(figure.Target is null ? "" : figure.Ok ? "ok" : "**missed**")} |");
        }
        var file = Path.Combine(Checkout.Root, File);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await System.IO.File.WriteAllTextAsync(file, page.ToString(), ct);
        await Console.Error.WriteLineAsync($"Written to {File}");
        return figures;
    }

    private static async Task<string> Commit()
    {
        await using var git = await ChildProcess.Start(new ProcessSpec("git", "-C", Checkout.Root, "describe", "--always", "--dirty", "--abbrev=12"));
        return await git.Exited == 0 && git.LastLines is [.., var commit] ? commit : "unknown";
    }

    private static string Processor() =>
        System.IO.File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(": ", 2)[^1] ?? RuntimeInformation.ProcessArchitecture.ToString();
}
