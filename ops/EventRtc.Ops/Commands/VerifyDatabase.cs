using EventRtc.Projector;
using Spectre.Console;

namespace EventRtc.Ops.Commands;

/// <summary><c>eventrtc verify</c> without a file: everything that is stored.</summary>
internal static class VerifyDatabase
{
    private const int Shown = 50;

    public static async Task<int> Run(bool json, CancellationToken ct)
    {
        await using var parts = new ProjectorParts();
        var report = await WorkBar.Show(bar => parts.Verify.Run(bar is null ? null : (reached, head) => bar("events", reached.Value, Math.Max(reached.Value, head.Value)), ct));
        if (json)
            Output.Json(report);
        else
            Print(report);
        return report.Ok ? Failures.Done : Failures.No;
    }

    private static void Print(VerifyReport report)
    {
        foreach (var finding in report.Findings.Take(Shown))
            AnsiConsole.WriteLine($"{finding.Kind,-18} {finding.Where}: {finding.What}");
        var all = report.Counts.Values.Sum();
        if (all > Shown)
            AnsiConsole.WriteLine($"... and {all - Shown:N0} more");
        AnsiConsole.WriteLine($"{report.Events:N0} events of {report.Streams:N0} streams and {report.Entries:N0} entries of Redis were compared.");
        AnsiConsole.WriteLine(report.Ok ? "Everything is as it has to be." : $"Findings: {string.Join(", ", report.Counts.Select(count => $"{count.Value:N0} {count.Key}"))}.");
    }
}
