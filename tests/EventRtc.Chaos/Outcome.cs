using System.Text.Json;
using Spectre.Console;

namespace EventRtc.Chaos;

/// <summary>What a run did, and what did not hold.</summary>
/// <param name="Minutes">Of faults, as asked for.</param>
/// <param name="Seconds">From the first fault to the last look.</param>
/// <param name="Counts">How often each thing was done or met, by its name.</param>
/// <param name="Violations">What did not hold; empty when all is well.</param>
/// <param name="Kept">The folder with all logs and what was recorded; null when nothing was kept.</param>
internal sealed record Outcome(int Seed, double Minutes, double Seconds, IReadOnlyDictionary<string, long> Counts, IReadOnlyList<string> Violations, string? Kept = null)
{
    /// <returns>The exit code.</returns>
    public static int Print(Outcome outcome, bool json)
    {
        if (json)
            Console.WriteLine(JsonSerializer.Serialize(outcome, JsonSerializerOptions.Web));
        else
            Write(outcome);
        return outcome.Violations.Count == 0 ? 0 : 1;
    }

    private static void Write(Outcome outcome)
    {
        if (Console.IsOutputRedirected)
            AnsiConsole.Profile.Capabilities.Ansi = false;
        var table = new Table().Border(TableBorder.Rounded).AddColumns("What", "Times");
        foreach (var (what, times) in outcome.Counts.OrderBy(count => count.Key, StringComparer.Ordinal))
            table.AddRow(Markup.Escape(what), $"{times:#,0}");
        AnsiConsole.Write(table);
        foreach (var violation in outcome.Violations)
            AnsiConsole.MarkupLineInterpolated($"[red]{violation}[/]");
        AnsiConsole.MarkupLineInterpolated($"Seed {outcome.Seed}, {outcome.Minutes:0.#} minutes: {(outcome.Violations.Count == 0 ? "everything held" : $"{outcome.Violations.Count} things did not hold")}.");
        if (outcome.Kept is { } folder)
            AnsiConsole.MarkupLineInterpolated($"Logs, the history (history.jsonl) and the log (log.jsonl) are in {folder}");
    }
}
